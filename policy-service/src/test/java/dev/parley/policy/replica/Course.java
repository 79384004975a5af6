package dev.parley.policy.replica;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.decision.DecisionResponse;
import dev.parley.policy.entitlement.SubscriptionChanged;
import dev.parley.policy.hold.HoldParts;
import dev.parley.policy.lease.LeaseParts;
import dev.parley.policy.lease.LeaseParts.Kept;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One tenant's life under two replicas, beside the simplest account of it that there can be; checked after each step. */
final class Course {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int OPERATIONS = 12;
    private static final int LOOKS = 40;

    /** What can happen; {@code replica}, {@code operation} and {@code amount} mean what the kind makes of them. */
    record Act(Kind kind, int replica, int operation, int amount) {}

    enum Kind {
        DECIDE,
        SETTLE,
        SETTLE_WITHOUT_TOKEN,
        RELEASE,
        MISSED_USAGE,
        LEASE,
        RENEW,
        RECALL,
        RUN_OUT,
        ROWS_RUN_OUT,
        LEASES_RUN_OUT,
        GRANT,
        CLOSE_LOT,
        CHANGE_TERMS,
        DIE,
        STOP
    }

    private final ReplicaDatabase database;
    private final Replica[] replicas;
    private final Map<String, String> settings;
    private final TenantId tenant;
    private final long cap;
    private final List<UUID> lots = new ArrayList<>();
    private final Map<UUID, String> tokens = new HashMap<>();
    private final Map<UUID, Long> charged = new HashMap<>();
    private long granted;
    private long version = 1;
    private boolean creditsWereTakenAway;

    Course(ReplicaDatabase database, Replica[] replicas, Map<String, String> settings, long granted, long cap) {
        this.database = database;
        this.replicas = replicas;
        this.settings = settings;
        this.granted = granted;
        this.cap = cap;
        this.tenant = replicas[0].subscribed(granted, overage());
    }

    private SubscriptionChanged.Mode overage() {
        return cap == 0 ? null : new SubscriptionChanged.Mode("charge_up_to_cap", cap);
    }

    private static UUID operation(TenantId tenant, int number) {
        return UUID.nameUUIDFromBytes((tenant + "/" + number).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    void run(Act act) {
        Replica replica = replicas[act.replica() % replicas.length];
        UUID operation = operation(tenant, act.operation() % OPERATIONS);
        switch (act.kind()) {
            case DECIDE -> decide(replica, operation);
            case SETTLE -> settle(replica, operation, act.amount(), tokens.get(operation));
            case SETTLE_WITHOUT_TOKEN -> settle(replica, operation, act.amount(), null);
            case RELEASE -> replica.release(tenant, operation, tokens.get(operation));
            case MISSED_USAGE -> {
                HoldParts.settleMissed(
                        replica.holds,
                        tenant,
                        operation,
                        Map.of("message", (long) act.amount()),
                        Instant.now().minus(HoldParts.UNKNOWN_PATIENCE));
                String found = database.text(
                        "select charged from hold where tenant_id = ? and operation_id = ? and state = 'settled'",
                        tenant.value(),
                        operation);
                if (found != null) {
                    booked(operation, Long.parseLong(found));
                }
            }
            case LEASE -> replica.lease(tenant);
            case RENEW -> LeaseParts.renew(replica.leases);
            case RECALL -> replica.leases.recall(tenant);
            case RUN_OUT -> {
                replica.skip(HoldParts.LIFETIME);
                HoldParts.expire(replica.holds, tenant);
            }
            case ROWS_RUN_OUT -> {
                database.sql(
                        "update hold set expires_at = now() - interval '1 second' where tenant_id = ? and state = 'held'",
                        tenant.value());
                HoldParts.expire(replica.holds, tenant);
            }
            case LEASES_RUN_OUT -> {
                database.sql("update credit_lease set expires_at = now() where tenant_id = ?", tenant.value());
                for (Replica one : replicas) {
                    one.skip(java.time.Duration.ofSeconds(10));
                }
                LeaseParts.reclaim(replica.leases);
            }
            case GRANT -> {
                lots.add(replica.grant(tenant, act.amount() * 3L));
                granted += act.amount() * 3L;
            }
            case CLOSE_LOT -> closeLot(replica, act.amount());
            case CHANGE_TERMS -> replica.changeTerms(tenant, ++version, overage());
            case DIE -> {
                replica.die();
                replace(act.replica() % replicas.length);
            }
            case STOP -> {
                HoldParts.handOver(replica.holds);
                replica.close();
                replace(act.replica() % replicas.length);
            }
        }
        check();
    }

    private void replace(int index) {
        replicas[index] = Replica.start(database, settings);
        for (int look = 0; !replicas[index].bulletin.isCurrent(); look++) {
            assertThat(look).as("looks whether it hears").isLessThan(30_000);
            pause(1);
        }
    }

    private void decide(Replica replica, UUID operation) {
        // Looked at before: what replicas give back after they heard of the refusal was not free for it.
        long free =
                database.sql("select available - held - leased from credit_account where tenant_id = ?", tenant.value())
                        + cap;
        DecisionResponse decision = replica.decide(tenant, operation);
        if (decision.allow()) {
            // Of work that was charged without a decision the hold is not known.
            assertThat(decision.hold().credits()).isIn(1L, charged.containsKey(operation) ? 0L : 1L);
            tokens.put(operation, decision.hold().id());
        } else {
            assertThat(decision.reasonCode().name()).isEqualTo("CREDITS_EXHAUSTED");
            assertThat(free).as("what was free when a hold was refused").isLessThan(1);
        }
    }

    private void settle(Replica replica, UUID operation, int amount, String token) {
        try {
            long credits = replica.settle(tenant, operation, amount, token).credits();
            assertThat(credits).isLessThanOrEqualTo(Math.max(amount, charged.getOrDefault(operation, 0L)));
            booked(operation, credits);
        } catch (Problem notFound) {
            assertThat(notFound.getMessage()).contains("HOLD_NOT_FOUND");
            assertThat(charged).as("settled before").doesNotContainKey(operation);
            assertThat(token).as("a hold that was named").isNull();
        }
    }

    /** The first charge is the only one. */
    private void booked(UUID operation, long credits) {
        assertThat(charged.putIfAbsent(operation, credits)).isIn(null, credits);
    }

    private void closeLot(Replica replica, int which) {
        if (!lots.isEmpty()) {
            UUID lot = lots.remove(which % lots.size());
            replica.close(tenant, lot);
            granted -=
                    database.sql("select unspent from credit_lot where tenant_id = ? and id = ?", tenant.value(), lot);
            creditsWereTakenAway = true;
        }
    }

    private JsonNode figures() {
        String found = database.text("""
                select json_build_object(
                         'available', available, 'held', held, 'leased', leased, 'drawn', drawn,
                         'lots', (select coalesce(sum(remaining), 0) from credit_lot l
                                   where l.tenant_id = a.tenant_id and closed_at is null),
                         'holds', (select coalesce(sum(credits), 0) from hold h
                                    where h.tenant_id = a.tenant_id and state = 'held'),
                         'charged', (select coalesce(sum(charged), 0) from hold h where h.tenant_id = a.tenant_id),
                         'leases', (select coalesce(json_object_agg(id, credits), '{}') from credit_lease e
                                     where e.tenant_id = a.tenant_id),
                         'rows', (select coalesce(json_object_agg(operation_id, lease_decisions::text), '{}') from hold h
                                   where h.tenant_id = a.tenant_id))
                  from credit_account a where tenant_id = ?""", tenant.value());
        try {
            return JSON.readTree(found);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void check() {
        List<Map<UUID, Kept>> memories = memories();
        JsonNode figures = figures();
        long available = figures.get("available").asLong();
        long held = figures.get("held").asLong();
        long leased = figures.get("leased").asLong();
        long sum = 0;
        for (JsonNode lease : figures.get("leases")) {
            assertThat(lease.asLong()).as("a lease").isNotNegative();
            sum += lease.asLong();
        }
        assertThat(available)
                .as("lots")
                .isEqualTo(figures.get("lots").asLong() - figures.get("drawn").asLong());
        assertThat(held).as("held").isEqualTo(figures.get("holds").asLong());
        assertThat(leased).as("leased").isEqualTo(sum);
        assertThat(available)
                .as("the simple account")
                .isEqualTo(granted
                        - charged.values().stream().mapToLong(Long::longValue).sum());
        if (!creditsWereTakenAway) {
            assertThat(held + leased).as("set aside").isLessThanOrEqualTo(available + cap);
        }
        assertThat(available).as("overage").isGreaterThanOrEqualTo(-cap);
        memoryIsBacked(memories, figures);
    }

    private List<Map<UUID, Kept>> memories() {
        return Arrays.stream(replicas)
                .map(replica -> LeaseParts.kept(replica.leases, tenant))
                .toList();
    }

    /**
     * What a replica could still give away stands in its rows. Leases are given back beside the steps, and memory changes
     * just before the row then, so another look decides.
     */
    private void memoryIsBacked(List<Map<UUID, Kept>> memories, JsonNode figures) {
        String beyond = beyondRows(memories, figures);
        for (int look = 1; beyond != null; look++) {
            assertThat(look).as(beyond).isLessThan(LOOKS);
            pause(5);
            beyond = beyondRows(memories(), figures());
        }
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String beyondRows(List<Map<UUID, Kept>> memories, JsonNode figures) {
        for (Map<UUID, Kept> memory : memories) {
            for (Map.Entry<UUID, Kept> lease : memory.entrySet()) {
                JsonNode row = figures.get("leases").get(lease.getKey().toString());
                long inMemory = lease.getValue().free()
                        + lease.getValue().holds().values().stream()
                                .filter(hold -> !figures.get("rows")
                                        .path(hold.operation().toString())
                                        .asText()
                                        .contains(hold.decision().toString()))
                                .count();
                if (row != null && inMemory > row.asLong()) {
                    return "lease " + lease.getKey() + " has " + row + " but memory " + lease.getValue();
                }
            }
        }
        return null;
    }

    /** Everything ends: nothing stays set aside. */
    void finish() {
        for (Replica replica : replicas) {
            replica.skip(HoldParts.LIFETIME);
            database.sql(
                    "update hold set expires_at = now() - interval '1 second' where tenant_id = ? and state = 'held'",
                    tenant.value());
            HoldParts.expire(replica.holds, tenant);
            replica.leases.recall(tenant);
        }
        database.sql("update credit_lease set expires_at = now() where tenant_id = ?", tenant.value());
        LeaseParts.reclaim(replicas[0].leases);
        JsonNode figures = figures();
        assertThat(figures.get("held").asLong()).as("held in the end").isZero();
        assertThat(figures.get("leased").asLong()).as("leased in the end").isZero();
        assertThat(database.sql(
                        "select count(*) from outbox_event where tenant_id = ? and type = 'policy.usage-settled.v1'",
                        tenant.value()))
                .as("charges told")
                .isEqualTo(charged.size());
    }
}
