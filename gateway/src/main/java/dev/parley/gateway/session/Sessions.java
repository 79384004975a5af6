package dev.parley.gateway.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.gateway.http.Names;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Knows the tenant context of each credential: asks auth-service once, remembers the answer until shortly before it
 * ends, forgets it when an event revokes it or revocations may have been missed.
 */
@ApplicationScoped
public class Sessions {
    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(15);
    private static final Future<Admission> ANONYMOUS = Future.succeededFuture(new Admission.Anonymous());
    private static final Future<Admission> REJECTED = Future.succeededFuture(new Admission.Rejected());
    private static final Future<Admission> FORGED = Future.succeededFuture(new Admission.Forged());
    private static final Future<Admission> NO_TENANT_ID = Future.succeededFuture(new Admission.NoTenantId());

    private final Credentials credentials;
    private final ContextExchange exchange;
    private final Revocations revocations;
    private final Clock clock;
    private final long renewBefore;
    private final long leastLife;
    private final long unconfirmedAge;
    private final Cache<ContextKey, CallerContext> contexts;
    private final Cache<ContextKey, Admission> refusals;
    private final ConcurrentMap<ContextKey, Question> pending = new ConcurrentHashMap<>();
    private final List<Consumer<Predicate<CallerContext>>> holders = new CopyOnWriteArrayList<>();
    private final List<Runnable> forgotten = new CopyOnWriteArrayList<>();

    Sessions(
            Credentials credentials,
            ContextExchange exchange,
            Revocations revocations,
            SessionConfig config,
            Clock clock) {
        this.credentials = credentials;
        this.exchange = exchange;
        this.revocations = revocations;
        this.clock = clock;
        this.renewBefore = config.renewBefore().toMillis();
        this.leastLife = config.leastLife().toMillis();
        this.unconfirmedAge = config.unconfirmedAge().toMillis();
        this.contexts = Caffeine.newBuilder()
                .maximumSize(config.maxContexts())
                .expireAfterWrite(FORGOTTEN_AFTER)
                .build();
        this.refusals = Caffeine.newBuilder()
                .maximumSize(config.maxContexts())
                .expireAfterWrite(config.refusedFor())
                .build();
        revocations.onRevocation(this::revoke);
        revocations.onGap(this::forget);
    }

    /**
     * Registers a holder of contexts. It is called with a test for those that are no longer valid, after they were
     * forgotten here: whoever is admitted from then on is not one of them.
     */
    public void onRevocation(Consumer<Predicate<CallerContext>> holder) {
        holders.add(holder);
    }

    /** Registers what is done after all contexts were forgotten, because revocations may have been missed. */
    public void onForgotten(Runnable holder) {
        forgotten.add(holder);
    }

    /**
     * Who sends this request. Completes at once when the answer is cached; never fails.
     *
     * @param mayAsk whether an unknown credential may be asked about; otherwise it completes with null
     */
    public Future<Admission> admit(HttpServerRequest request, boolean mayAsk) {
        Credential credential = credentials.of(request);
        if (credential == null) {
            return ANONYMOUS;
        }
        if (credential == Credentials.MALFORMED) {
            return REJECTED;
        }
        if (credential.kind() == Credential.Kind.SESSION && credentials.forged(request)) {
            return FORGED;
        }
        String tenantId = request.getHeader(Names.X_TENANT_ID);
        if (tenantId != null && !UUID.matcher(tenantId).matches()) {
            return NO_TENANT_ID;
        }
        return admit(credential, tenantId, Credentials.safe(request.method()), mayAsk);
    }

    /** Whether the request carries the session cookie and may have been caused by another site. */
    public boolean forged(HttpServerRequest request) {
        return credentials.hasSessionCookie(request) && credentials.forged(request);
    }

    private Future<Admission> admit(Credential credential, String tenantId, boolean safe, boolean mayAsk) {
        var key = ContextKey.of(credential, tenantId);
        long now = clock.millis();
        CallerContext known = contexts.getIfPresent(key);
        if (known != null && known.expiresAt() - now > leastLife) {
            if (!revocations.arriving() && now - known.obtainedAt() > unconfirmedAge) {
                // Nobody can say whether it was revoked: reading goes on while the token lives, changing does not.
                return ask(key, credential, tenantId)
                        .map(answer -> safe && answer instanceof Admission.Unavailable
                                ? new Admission.Granted(known)
                                : answer);
            }
            if (known.expiresAt() - now < renewBefore) {
                ask(key, credential, tenantId);
            }
            return Future.succeededFuture(new Admission.Granted(known));
        }
        Admission refused = refusals.getIfPresent(key);
        if (refused != null) {
            return Future.succeededFuture(refused);
        }
        return mayAsk ? ask(key, credential, tenantId) : Future.succeededFuture();
    }

    /** One question per key at a time; everyone who comes meanwhile waits for the same answer. */
    private Future<Admission> ask(ContextKey key, Credential credential, String tenantId) {
        var question = new Question(Promise.promise(), new ConcurrentLinkedQueue<>());
        Question running = pending.putIfAbsent(key, question);
        if (running != null) {
            return running.answer().future();
        }
        ask(key, credential, tenantId, question);
        return question.answer().future();
    }

    private void ask(ContextKey key, Credential credential, String tenantId, Question question) {
        question.revoked().clear();
        exchange.exchange(credential, tenantId).onComplete(done -> {
            Admission answer = done.result();
            // Remembered first: a revocation after the look at the question finds it among the contexts.
            remember(key, answer);
            if (question.isOutdated(answer)) {
                contexts.invalidate(key);
                ask(key, credential, tenantId, question);
                return;
            }
            if (!question.revoked().isEmpty()) {
                refusals.invalidate(key);
            }
            pending.remove(key);
            question.answer().complete(answer);
        });
    }

    private void remember(ContextKey key, Admission answer) {
        switch (answer) {
            case Admission.Granted granted -> contexts.put(key, granted.context());
            case Admission.Rejected rejected -> {
                contexts.invalidate(key);
                refusals.put(key, rejected);
            }
            case Admission.Refused refused -> {
                contexts.invalidate(key);
                refusals.put(key, refused);
            }
            default -> {}
        }
    }

    private void revoke(Predicate<CallerContext> revoked) {
        evict(revoked);
        holders.forEach(holder -> holder.accept(revoked));
    }

    private void evict(Predicate<CallerContext> revoked) {
        pending.values().forEach(question -> question.revoked().add(revoked));
        contexts.asMap().values().removeIf(revoked);
        refusals.invalidateAll();
    }

    private void forget() {
        evict(context -> true);
        forgotten.forEach(Runnable::run);
    }

    /** What auth-service is being asked, and what was revoked since: the answer may be older than that. */
    private record Question(Promise<Admission> answer, Queue<Predicate<CallerContext>> revoked) {
        boolean isOutdated(Admission given) {
            return given instanceof Admission.Granted(CallerContext context)
                    && revoked.stream().anyMatch(one -> one.test(context));
        }
    }
}
