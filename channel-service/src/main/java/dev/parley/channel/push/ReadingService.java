package dev.parley.channel.push;

import dev.parley.channel.listener.Listeners;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Learns who reads answers as they come, so that nobody is notified of what they saw. For tenants without devices it does
 * nothing, and it never holds up an answer.
 */
@ApplicationScoped
public class ReadingService {
    private static final Logger LOG = Logger.getLogger(ReadingService.class);

    private final NoticeService notices;
    private final Listeners listeners;
    private final CurrentVertxRequest request;

    ReadingService(NoticeService notices, Listeners listeners, CurrentVertxRequest request) {
        this.notices = notices;
        this.listeners = listeners;
        this.request = request;
    }

    /** Who notes that an answer was read by the current request, if that is answered to its end: who left read nothing. */
    public Reader ofRequest(TenantId tenant) {
        if (!listeners.hasDevices(tenant)) {
            return (conversation, message) -> {};
        }
        RoutingContext current = request.getCurrent();
        return (conversation, message) -> current.addEndHandler(end -> {
            if (end.succeeded()) {
                note(tenant, () -> notices.read(tenant, new SentMessage(message, conversation)));
            }
        });
    }

    /** Somebody who waits for an answer. */
    @FunctionalInterface
    public interface Reader {
        /** Is given the answer, before the last of it is written. */
        void takes(UUID conversation, UUID message);
    }

    /** Whether it matters who hears what is told of that tenant. */
    public boolean matters(TenantId tenant) {
        return listeners.hasDevices(tenant);
    }

    /** Notes that a message was told to those who listen; it counts as read by whoever of them began the conversation. */
    public void heard(TenantId tenant, SentMessage sent, Set<String> subjects) {
        if (!subjects.isEmpty()) {
            note(tenant, () -> notices.heard(tenant, sent, subjects));
        }
    }

    private static void note(TenantId tenant, Runnable noting) {
        Thread.ofVirtual().name("reading").start(() -> {
            try {
                noting.run();
            } catch (RuntimeException failure) {
                LOG.warnf("a device of tenant %s may show what was read: %s", tenant, failure.getMessage());
            }
        });
    }
}
