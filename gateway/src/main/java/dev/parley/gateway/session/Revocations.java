package dev.parley.gateway.session;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/** Tells those who hold contexts which of them an event has ended. */
@ApplicationScoped
public class Revocations {
    private static final Logger LOG = Logger.getLogger(Revocations.class);

    private final List<Consumer<Predicate<CallerContext>>> holders = new CopyOnWriteArrayList<>();
    private final List<Runnable> doubters = new CopyOnWriteArrayList<>();
    private volatile boolean arriving;

    /** Registers a holder of contexts; it is called with a test for those that are no longer valid. */
    void onRevocation(Consumer<Predicate<CallerContext>> holder) {
        holders.add(holder);
    }

    /** Registers what is done when revocations may have been missed: any context may have been ended since. */
    void onGap(Runnable doubter) {
        doubters.add(doubter);
    }

    /** Whether events reach us; while not, contexts must be confirmed by asking auth-service. */
    public boolean arriving() {
        return arriving;
    }

    void arriving(boolean now) {
        if (arriving != now) {
            LOG.infof("revocations %s", now ? "arrive" : "do not arrive: contexts are confirmed by asking");
        }
        arriving = now;
    }

    /** Events are read anew from now on, and whatever was sent before may never have been seen here. */
    void missed() {
        doubters.forEach(Runnable::run);
    }

    /** Acts on one event of auth-service, by its headers alone: its payload is sealed. Other types end nothing. */
    void receive(String type, String subject) {
        Predicate<CallerContext> revoked = revokedBy(type, subject);
        holders.forEach(holder -> holder.accept(revoked));
    }

    private static Predicate<CallerContext> revokedBy(String type, String subject) {
        return switch (type) {
            case "auth.tenant-suspended.v1",
                    "auth.tenant-restored.v1",
                    "auth.tenant-deleted.v1",
                    "auth.erasure-requested.v1" -> context -> subject.equals(context.tenantId());
            case "auth.member-added.v1", "auth.member-changed.v1", "auth.member-removed.v1" ->
                context -> subject.equals(context.subject()) || ("user:" + subject).equals(context.credentialId());
            case "auth.break-glass-changed.v1" -> context -> subject.equals(context.subject());
            case "auth.api-key-revoked.v1" -> context -> ("api-key:" + subject).equals(context.credentialId());
            case "auth.session-ended.v1" ->
                context -> ("session:" + subject).equals(context.credentialId()) || subject.equals(context.sessionId());
            default -> context -> false;
        };
    }
}
