package dev.parley.policy.rules;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.bulletin.Bulletin;
import dev.parley.policy.engine.PolicyEngine;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the platform's rules and knows which are in force. They stay in memory until the bulletin says that others are,
 * and are not used while this replica cannot hear it.
 */
@ApplicationScoped
public class RulesService {
    private static final Logger LOG = Logger.getLogger(RulesService.class);

    private final Database database;
    private final RulesRepository repository;
    private final Bulletin bulletin;
    private final Audit audit;
    private final RulesConfig config;
    private final AtomicReference<@Nullable Seen> seen = new AtomicReference<>();
    private final AtomicInteger changes = new AtomicInteger();
    private final Cache<Integer, PolicyEngine> engines =
            Caffeine.newBuilder().maximumSize(100).build();

    RulesService(Database database, RulesRepository repository, Bulletin bulletin, Audit audit, RulesConfig config) {
        this.database = database;
        this.repository = repository;
        this.bulletin = bulletin;
        this.audit = audit;
        this.config = config;
        bulletin.addReader(new Forgetting());
    }

    /** Rules as they were read before that many changes had been heard of. */
    private record Seen(int change, ActiveRules rules) {}

    /** The rules in force, without asking the database, if they are known to be. */
    public Optional<ActiveRules> inMemory() {
        Seen last = seen.get();
        return last != null && last.change() == changes.get() && bulletin.isCurrent()
                ? Optional.of(last.rules())
                : Optional.empty();
    }

    /** The rules in force. */
    public ActiveRules active() {
        return inMemory().orElseGet(() -> database.global(this::read));
    }

    /** The rules in force, for a caller who is in a transaction. */
    public ActiveRules active(Handle handle) {
        return inMemory().orElseGet(() -> read(handle));
    }

    private ActiveRules read(Handle handle) {
        int before = changes.get();
        ActiveRules rules = repository
                .active(handle)
                .map(version -> compiled(version.version(), version.rules()))
                .orElseGet(() -> compiled(0, RulesDocument.EMPTY));
        seen.set(new Seen(before, rules));
        return rules;
    }

    /** Nothing is decided from memory without them, so they are not left to the next decision. */
    private void readSoon() {
        try {
            database.global(this::read);
        } catch (RuntimeException later) {
            LOG.debugf("the rules are left to the next decision: %s", later.getMessage());
        }
    }

    private ActiveRules compiled(int version, RulesDocument document) {
        return new ActiveRules(document, engineFor(version, document));
    }

    /** An engine for rules that need not be in force. */
    public PolicyEngine engineFor(int version, RulesDocument document) {
        return new PolicyEngine(document.compiled(version, config));
    }

    /** The engine of a version that was in force once; versions are never deleted. */
    public PolicyEngine engineOf(Handle handle, int version) {
        PolicyEngine cached = engines.getIfPresent(version);
        if (cached == null) {
            RulesDocument document = version == 0
                    ? RulesDocument.EMPTY
                    : repository.find(handle, version).orElseThrow().rules();
            cached = engineFor(version, document);
            engines.put(version, cached);
        }
        return cached;
    }

    Page<RulesVersion> list(@Nullable String cursor, @Nullable Integer limit) {
        Integer before = position(Cursor.decode(cursor));
        int size = Cursor.limit(limit);
        return Page.of(
                database.global(handle -> repository.list(handle, before, size + 1)),
                size,
                version -> Integer.toString(version.version()));
    }

    private static @Nullable Integer position(@Nullable String cursor) {
        try {
            return cursor == null ? null : Integer.valueOf(cursor);
        } catch (NumberFormatException notOurs) {
            throw new Problem(CommonProblem.BAD_REQUEST).detail("the cursor is not valid");
        }
    }

    /** One version; 404 when there is none. */
    RulesVersion find(int version) {
        return database.global(handle -> repository.find(handle, version)).orElseThrow(RulesService::unknown);
    }

    /** Keeps a draft as the next version; 422 says what makes no sense in it. */
    RulesVersion draft(RulesDocument document, Caller admin) {
        document.compiled(0, config);
        return database.inTenant(TenantId.PLATFORM, handle -> {
            repository.lock(handle);
            RulesVersion drafted = repository.insert(handle, document, admin.actor());
            record(handle, admin, "policy-rules.create", drafted, null, drafted.rules(), null);
            return drafted;
        });
    }

    /**
     * Puts a version in force. When it returns no replica decides on another one; asked again it changes nothing.
     */
    RulesVersion activate(int version, String reason, Caller admin) {
        RulesVersion activated = database.inTenant(TenantId.PLATFORM, handle -> {
            repository.lock(handle);
            RulesVersion wanted = repository.find(handle, version).orElseThrow(RulesService::unknown);
            if (wanted.status() == RulesVersion.Status.ACTIVE) {
                return wanted;
            }
            Integer before =
                    repository.active(handle).map(RulesVersion::version).orElse(null);
            repository.activate(handle, version, reason, admin.actor());
            bulletin.tellRulesChanged(handle);
            record(handle, admin, "policy-rules.activate", wanted, before, version, reason);
            return repository.find(handle, version).orElseThrow();
        });
        bulletin.awaitHeard();
        return activated;
    }

    private void record(
            Handle handle,
            Caller admin,
            String action,
            RulesVersion version,
            @Nullable Object before,
            @Nullable Object after,
            @Nullable String reason) {
        audit.record(
                handle,
                admin,
                TenantId.PLATFORM,
                new AuditEntry(action, "policy-rules", Integer.toString(version.version()), before, after, reason));
    }

    private static Problem unknown() {
        return new Problem(RulesProblem.POLICY_RULES_NOT_FOUND);
    }

    /** Drops the rules from memory when others are in force, whichever replica put them there. */
    private final class Forgetting implements Bulletin.Reader {
        @Override
        public void rulesChanged() {
            changes.incrementAndGet();
            Thread.startVirtualThread(RulesService.this::readSoon);
        }

        @Override
        public void missedSome() {
            rulesChanged();
        }
    }
}
