package dev.parley.gateway.route;

import java.net.URI;
import java.time.Duration;

/** A rule of the route table, ready for use. */
public final class Route {
    private final String name;
    private final String host;
    private final int port;
    private final RouteConfig.Rule rule;
    private final RouteConfig.CredentialRule credential;
    private final RouteConfig.BodyRule body;
    private final RouteConfig.AnonymousLimit anonymousLimit;
    private final boolean openAiErrors;
    private final boolean cookies;
    private final boolean upgrade;
    private final boolean hangUp;
    private final long maxBody;
    private final long bodyTimeoutNanos;
    private final long timeoutNanos;
    private final long streamIdleNanos;
    private final long streamTotalNanos;

    Route(String name, RouteConfig.Rule rule, URI service, Duration bodyTimeout) {
        this.bodyTimeoutNanos = bodyTimeout.toNanos();
        this.name = name;
        this.host = service.getHost();
        this.port = service.getPort() < 0 ? 80 : service.getPort();
        this.rule = rule;
        this.credential = rule.credential();
        this.body = rule.body();
        this.anonymousLimit = rule.anonymousLimit();
        this.openAiErrors = rule.openAiErrors();
        this.cookies = rule.cookies();
        this.upgrade = rule.upgrade();
        this.hangUp = rule.hangUp();
        this.maxBody = rule.maxBody().asLongValue();
        this.timeoutNanos = rule.timeout().toNanos();
        this.streamIdleNanos = rule.streamIdle().toNanos();
        this.streamTotalNanos = rule.streamTotal().toNanos();
    }

    /** Its name in the configuration. */
    public String name() {
        return name;
    }

    /** Name of the service behind. */
    public String service() {
        return rule.service();
    }

    /** Whether a caller must be known. */
    public RouteConfig.CredentialRule credential() {
        return credential;
    }

    /** What bodies may be. */
    public RouteConfig.BodyRule body() {
        return body;
    }

    /** Which bucket requests without a credential are taken from. */
    public RouteConfig.AnonymousLimit anonymousLimit() {
        return anonymousLimit;
    }

    /** Whether errors also have the shape OpenAI clients read. */
    public boolean openAiErrors() {
        return openAiErrors;
    }

    /** Whether WebSocket upgrades pass. */
    public boolean upgrade() {
        return upgrade;
    }

    /** Largest request body in bytes. */
    public long maxBody() {
        return maxBody;
    }

    boolean hangUp() {
        return hangUp;
    }

    boolean cookies() {
        return cookies;
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    long bodyTimeoutNanos() {
        return bodyTimeoutNanos;
    }

    long timeoutNanos() {
        return timeoutNanos;
    }

    long streamIdleNanos() {
        return streamIdleNanos;
    }

    long streamTotalNanos() {
        return streamTotalNanos;
    }
}
