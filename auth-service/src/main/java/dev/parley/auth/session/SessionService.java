package dev.parley.auth.session;

import dev.parley.auth.device.Device;
import dev.parley.auth.identity.ProvenPerson;
import dev.parley.auth.identity.SecretText;
import dev.parley.platform.data.Database;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Keeps browser sessions and remembers which sessions were ended, so that their tokens count no more. */
@ApplicationScoped
public class SessionService {
    private final Database database;
    private final SessionRepository sessions;
    private final Outbox outbox;
    private final SessionConfig config;
    private final Clock clock;

    SessionService(Database database, SessionRepository sessions, Outbox outbox, SessionConfig config, Clock clock) {
        this.database = database;
        this.sessions = sessions;
        this.outbox = outbox;
        this.config = config;
        this.clock = clock;
    }

    /** Ends a session by Keycloak's id; once ended it stays so, and everybody is told once. */
    public void end(String sessionId) {
        database.useTenant(TenantId.PLATFORM, handle -> {
            if (sessions.end(handle, sessionId, clock.instant().plus(config.rememberEnded()))) {
                outbox.append(handle, TenantId.PLATFORM, new SessionEnded(sessionId));
            }
        });
    }

    /** Whether a session was ended here while its access tokens may still be valid. */
    public boolean isEnded(String sessionId) {
        return database.global(handle -> sessions.isEnded(handle, sessionId));
    }

    /** Notes where a session began; every session that a person can see in its list passes here. */
    public void began(ProvenPerson person, Device device) {
        if (person.sessionId() != null) {
            database.global(handle -> {
                sessions.began(handle, person.sessionId(), person.id(), device.name(), device.address());
                return true;
            });
        }
    }

    /** Notes, about once a minute, that a session is used; false when it was ended and counts no more. */
    public boolean use(String sessionId) {
        return database.global(handle -> sessions.use(handle, sessionId));
    }

    List<LoginSession> ofUser(UUID user) {
        return database.global(handle -> sessions.ofUser(handle, user));
    }

    void begin(SecretText state, LoginAttempt attempt) {
        database.global(handle -> {
            sessions.insertAttempt(handle, state.sha256(), attempt);
            return true;
        });
    }

    Optional<LoginAttempt> take(SecretText state) {
        return database.global(handle -> sessions.takeAttempt(handle, state.sha256()))
                .filter(attempt -> attempt.expiresAt().isAfter(clock.instant()));
    }

    void open(BrowserSession session, SecretText cookie) {
        database.useTenant(TenantId.PLATFORM, handle -> sessions.insert(handle, session, cookie.sha256()));
    }

    Optional<BrowserSession> find(SecretText cookie) {
        return database.inTenant(TenantId.PLATFORM, handle -> sessions.find(handle, cookie.sha256()));
    }

    boolean claimRefresh(BrowserSession session) {
        return database.global(handle -> sessions.claimRefresh(handle, session.id(), session.accessExpiresAt()));
    }

    void releaseRefresh(BrowserSession session) {
        database.global(handle -> {
            sessions.releaseRefresh(handle, session.id());
            return true;
        });
    }

    void renew(BrowserSession session) {
        database.useTenant(TenantId.PLATFORM, handle -> sessions.renew(handle, session));
    }

    @Scheduled(every = "5m", delayed = "1m", identity = "session-sweep")
    void sweep() {
        database.global(handle -> {
            sessions.sweep(handle);
            return true;
        });
    }
}
