package dev.parley.channel.webhook;

import dev.parley.platform.problem.ProblemType;

/** Problems of outgoing webhooks. */
public enum WebhookProblem implements ProblemType {
    /** The address is not one that may be called. */
    WEBHOOK_URL_REFUSED(422, "This address cannot be an endpoint"),
    /** There is no event of that type. */
    WEBHOOK_EVENT_UNKNOWN(422, "There is no such type of event"),
    /** The tenant has as many endpoints as it may have. */
    WEBHOOK_ENDPOINT_LIMIT(409, "There are as many endpoints as there may be"),
    /** Two secrets sign already. */
    WEBHOOK_SECRET_ROTATING(409, "An earlier rotation of the secret is not over"),
    /** A disabled endpoint is sent nothing. */
    WEBHOOK_ENDPOINT_DISABLED(409, "The endpoint is disabled");

    private final int status;
    private final String title;

    WebhookProblem(int status, String title) {
        this.status = status;
        this.title = title;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}
