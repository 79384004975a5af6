package dev.parley.policy.replica;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.json.JsonConventions;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.outbox.OutboxParts;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.PolicyStory;
import dev.parley.policy.bulletin.Bulletin;
import dev.parley.policy.bulletin.BulletinConfig;
import dev.parley.policy.credit.CreditParts;
import dev.parley.policy.credit.CreditService;
import dev.parley.policy.credit.CreditsClosed;
import dev.parley.policy.credit.CreditsGranted;
import dev.parley.policy.credit.CreditsWithdrawn;
import dev.parley.policy.decision.DecisionParts;
import dev.parley.policy.decision.DecisionResponse;
import dev.parley.policy.entitlement.EntitlementParts;
import dev.parley.policy.entitlement.EntitlementService;
import dev.parley.policy.entitlement.SubscriptionChanged;
import dev.parley.policy.hold.HoldParts;
import dev.parley.policy.hold.HoldService;
import dev.parley.policy.hold.SettlementResponse;
import dev.parley.policy.lease.HoldTokens;
import dev.parley.policy.lease.LeaseConfig;
import dev.parley.policy.lease.LeaseParts;
import dev.parley.policy.lease.LeaseService;
import dev.parley.policy.rating.Rate;
import dev.parley.policy.rules.RulesParts;
import dev.parley.policy.rules.RulesService;
import dev.parley.testing.PostgresServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** One replica of policy-service in this process: everything but HTTP, Kafka and the schedule, which tests drive. */
public final class Replica implements AutoCloseable {
    /** The environment variable with which another process gets the keys of this one. */
    static final String KEYS = "REPLICA_KEYS";

    private static final KeysetHandle MASTER = master();
    private static final SecretVault VAULT = new SecretVault(MASTER);
    private static final ObjectMapper MAPPER = mapper();
    private static final Map<String, Long> ONE = Map.of("message", 1L);

    public final AtomicLong clockAhead = new AtomicLong();
    public final Bulletin bulletin;
    public final CreditService credits;
    public final EntitlementService entitlements;
    public final LeaseService leases;
    public final HoldService holds;
    public final RulesService rules;
    public final DecisionParts decisions;
    public final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final ReplicaDatabase database;
    private final Set<TenantId> heard = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private Replica(ReplicaDatabase database, Map<String, String> settings) {
        this.database = database;
        ObjectMapper mapper = MAPPER;
        this.bulletin = new Bulletin(
                database.url(),
                PostgresServer.APP,
                PostgresServer.PASSWORD,
                Settings.of(BulletinConfig.class, settings),
                this::nanoTime);
        Outbox outbox = OutboxParts.outbox(mapper);
        this.credits = CreditParts.service(database.database(), mapper, outbox, bulletin);
        this.entitlements = EntitlementParts.service(database.database(), mapper, credits, bulletin);
        this.leases = LeaseParts.service(
                database.database(),
                bulletin,
                new HoldTokens(VAULT.mac("policy-service hold")),
                Settings.of(LeaseConfig.class, settings),
                this::nanoTime,
                metrics);
        this.holds = HoldParts.service(database.database(), mapper, credits, entitlements, leases, outbox, metrics);
        this.rules = RulesParts.service(database.database(), mapper, outbox, bulletin);
        this.decisions = new DecisionParts(
                database.database(), mapper, credits, entitlements, holds, leases, rules, settings, metrics);
        bulletin.addReader(new Bulletin.Reader() {
            @Override
            public void termsChanged(TenantId tenant) {
                heard.add(tenant);
            }
        });
    }

    /** Starts one that hears the others. */
    public static Replica start(ReplicaDatabase database, Map<String, String> settings) {
        Replica replica = new Replica(database, settings);
        database.replicas().add(replica);
        replica.bulletin.start();
        replica.decisions.start();
        return replica;
    }

    private static KeysetHandle master() {
        try {
            AeadConfig.register();
            String given = System.getenv(KEYS);
            return given == null
                    ? KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM)
                    : TinkJsonProtoKeysetFormat.parseKeyset(given, InsecureSecretKeyAccess.get());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What makes this process' replicas understand each other's tokens. */
    static String keys() {
        try {
            return TinkJsonProtoKeysetFormat.serializeKeyset(MASTER, InsecureSecretKeyAccess.get());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ObjectMapper mapper() {
        ObjectMapper mapper =
                new ObjectMapper().findAndRegisterModules().disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);
        new JsonConventions().customize(mapper);
        return mapper;
    }

    private long nanoTime() {
        return System.nanoTime() + clockAhead.get();
    }

    /** Does what the schedule does in production, only more often, until it is closed. */
    void attend() {
        Thread.ofVirtual().start(() -> {
            while (!closed) {
                try {
                    LeaseParts.renew(leases);
                    LeaseParts.reclaim(leases);
                    TimeUnit.MILLISECONDS.sleep(100);
                } catch (Problem busy) {
                    System.err.println("next time: " + busy.getMessage());
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
    }

    /** A tenant that pays one credit a message. */
    public TenantId subscribed(long granted) {
        return subscribed(granted, null);
    }

    public TenantId subscribed(long granted, SubscriptionChanged.Mode overage) {
        TenantId tenant = new TenantId(UUID.randomUUID());
        database.database().useTenant(tenant, handle -> {
            entitlements.apply(handle, tenant, terms(1, overage));
            credits.grant(handle, tenant, new CreditsGranted(UUID.randomUUID(), "plan", granted, null, null));
        });
        database.replicas().forEach(replica -> replica.awaitHeard(tenant));
        return tenant;
    }

    /** A lease that is taken before its replica hears of the terms that it is on would end with that news. */
    private void awaitHeard(TenantId tenant) {
        PolicyStory.await(() -> !bulletin.isCurrent() || heard.contains(tenant));
    }

    public static SubscriptionChanged terms(long version, SubscriptionChanged.Mode overage) {
        return new SubscriptionChanged(
                version,
                "active",
                "starter",
                1,
                null,
                null,
                new SubscriptionChanged.Granted(
                        Set.of("*"),
                        Set.of("*"),
                        Map.of("message", new Rate(1, 1)),
                        null,
                        null,
                        Map.of(),
                        overage,
                        null));
    }

    public void changeTerms(TenantId tenant, long version, SubscriptionChanged.Mode overage) {
        database.database().useTenant(tenant, handle -> entitlements.apply(handle, tenant, terms(version, overage)));
    }

    public void suspend(TenantId tenant) {
        database.database().useTenant(tenant, handle -> entitlements.suspend(handle, tenant, "test", Instant.now()));
    }

    public UUID grant(TenantId tenant, long amount) {
        UUID lot = UUID.randomUUID();
        database.database()
                .useTenant(
                        tenant,
                        handle -> credits.grant(handle, tenant, new CreditsGranted(lot, "pack", amount, null, null)));
        return lot;
    }

    public void withdraw(TenantId tenant, long amount) {
        database.database()
                .useTenant(
                        tenant,
                        handle -> credits.withdraw(
                                handle, tenant, new CreditsWithdrawn(UUID.randomUUID(), amount, "test")));
    }

    public void close(TenantId tenant, UUID lot) {
        database.database().useTenant(tenant, handle -> credits.close(handle, tenant, new CreditsClosed(lot, "test")));
    }

    public DecisionResponse decide(TenantId tenant, UUID operation) {
        return decisions.decide(tenant, operation, ONE);
    }

    public SettlementResponse settle(TenantId tenant, UUID operation, long messages, String hold) {
        return HoldParts.settle(holds, tenant, operation, Map.of("message", messages), hold);
    }

    public void release(TenantId tenant, UUID operation, String hold) {
        HoldParts.release(holds, tenant, operation, hold);
    }

    /** Takes a slice as the first busy second would. */
    public boolean lease(TenantId tenant) {
        rules.active();
        return LeaseParts.grow(leases, tenant, entitlements.terms(tenant), 1);
    }

    /** Lets this replica's clock run on, as if it had been stopped for so long. */
    public void skip(Duration time) {
        clockAhead.addAndGet(time.toNanos());
    }

    public double served() {
        return metrics.counter("policy.lease.holds").count();
    }

    /** Gone without a word: nothing is given back, renewed or heard from here on. */
    public void die() {
        Thread.startVirtualThread(this::close);
    }

    @Override
    public void close() {
        closed = true;
        database.replicas().remove(this);
        bulletin.stop();
        try {
            decisions.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
