package dev.parley.billing.webhook;

import jakarta.enterprise.context.ApplicationScoped;

/** Lets tests of other packages work the inbox off when they want to. */
@ApplicationScoped
public class InboxForTests {
    private final WebhookWorker worker;

    InboxForTests(WebhookWorker worker) {
        this.worker = worker;
    }

    /** Works one batch off and returns how many events it held. */
    public int drain() throws InterruptedException {
        return worker.drain();
    }
}
