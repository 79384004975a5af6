package dev.parley.policy.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.PolicyStory;
import dev.parley.policy.credit.CreditParts;
import dev.parley.policy.decision.DecisionResponse;
import dev.parley.policy.engine.Terms;
import dev.parley.policy.entitlement.SubscriptionChanged;
import dev.parley.policy.hold.HoldParts;
import dev.parley.policy.hold.SettlementResponse;
import dev.parley.policy.lease.LeaseParts;
import dev.parley.testing.PostgresServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two replicas over one database: what they promise together, and what is left when one of them dies or sleeps. */
class ReplicasIT {
    /** So many threads on few processors wait as long for their turn as for a connection here. */
    private static final String TURNS = "policy.decision.turn-patience";

    /** A loaded machine is late with beats; who misses them serves nothing from memory, which is what is looked at here. */
    private static final String HEARING = "policy.bulletin.patience";

    private static final Map<String, String> PATIENT = Map.of(
            "policy.lease.recall-patience",
            "5S",
            "policy.lease.worth-after",
            "2",
            TURNS,
            "20S",
            HEARING,
            "5S",
            "policy.decision.figures-age",
            "10M");
    private static final Map<String, Long> ONE = Map.of("message", 1L);
    /** The leases of the replica whose leases are short. */
    private static final String OF_OTHER =
            " from credit_lease where tenant_id = ? and expires_at - updated_at < interval '5 seconds'";

    private static ReplicaDatabase database;

    private Replica a;
    private Replica b;

    @BeforeAll
    static void migrate() throws SQLException {
        database = ReplicaDatabase.create("policy_replicas", 24);
    }

    @BeforeEach
    void start() {
        a = Replica.start(database, PATIENT);
        b = Replica.start(database, PATIENT);
        PolicyStory.await(() -> a.bulletin.isCurrent() && b.bulletin.isCurrent());
    }

    @AfterEach
    void stop() {
        a.close();
        b.close();
    }

    @AfterAll
    static void everythingAgrees() {
        assertThat(database.sql("""
                select count(*) from credit_account a
                 where available <> (select coalesce(sum(remaining), 0) from credit_lot l
                                      where l.tenant_id = a.tenant_id and closed_at is null) - drawn
                    or held <> (select coalesce(sum(credits), 0) from hold h where h.tenant_id = a.tenant_id and state = 'held')
                    or leased <> (select coalesce(sum(credits), 0) from credit_lease e where e.tenant_id = a.tenant_id)""")).isZero();
    }

    private Replica either(int i) {
        return i % 2 == 0 ? a : b;
    }

    private List<DecisionResponse> ask(TenantId tenant, int times) throws Exception {
        List<Callable<DecisionResponse>> calls = IntStream.range(0, times)
                .<Callable<DecisionResponse>>mapToObj(i -> () -> either(i).decide(tenant, UUID.randomUUID()))
                .toList();
        return PolicyStory.atOnce(64, calls);
    }

    private long leased(TenantId tenant) {
        return database.sql("select leased from credit_account where tenant_id = ?", tenant.value());
    }

    private long held(TenantId tenant) {
        return database.sql("select held from credit_account where tenant_id = ?", tenant.value());
    }

    private long available(TenantId tenant) {
        return database.sql("select available from credit_account where tenant_id = ?", tenant.value());
    }

    private String token(DecisionResponse decision) {
        return decision.hold().id();
    }

    @Test
    void twoReplicasAndSixtyFourThreadsGetExactlyWhatThereIs() throws Exception {
        long granted = 3000;
        TenantId tenant = a.subscribed(granted);

        List<DecisionResponse> answers = ask(tenant, 4000);

        assertThat(answers.stream().filter(DecisionResponse::allow)).hasSize((int) granted);
        assertThat(a.served() + b.served()).as("holds from memory").isGreaterThan(granted / 4.0);
        assertThat(a.decide(tenant, UUID.randomUUID()).reasonCode().name()).isEqualTo("CREDITS_EXHAUSTED");
        assertThat(held(tenant) + leased(tenant)).isEqualTo(granted);
    }

    @Test
    void everyHoldIsSettledOnceByTheOtherReplica() throws Exception {
        TenantId tenant = a.subscribed(100_000);
        assertThat(a.lease(tenant)).isTrue();
        List<UUID> operations =
                IntStream.range(0, 30).mapToObj(i -> UUID.randomUUID()).toList();
        List<DecisionResponse> decisions = operations.stream()
                .map(operation -> a.decide(tenant, operation))
                .toList();
        assertThat(a.served()).isEqualTo(30);
        List<Callable<SettlementResponse>> calls = new ArrayList<>();
        for (int copy = 0; copy < 4; copy++) {
            for (int i = 0; i < operations.size(); i++) {
                UUID operation = operations.get(i);
                String hold = token(decisions.get(i));
                Replica replica = either(copy);
                calls.add(() -> replica.settle(tenant, operation, 2, hold));
            }
        }
        Collections.shuffle(calls, new java.util.Random(4));

        List<SettlementResponse> settled = PolicyStory.atOnce(16, calls);

        assertThat(settled).allMatch(one -> one.credits() == 2);
        assertThat(available(tenant)).isEqualTo(100_000 - 60);
        assertThat(database.sql(
                        "select count(*) from outbox_event where tenant_id = ? and type = 'policy.usage-settled.v1'",
                        tenant.value()))
                .isEqualTo(30);
        a.skip(HoldParts.LIFETIME);
        HoldParts.expire(a.holds, tenant);
        LeaseParts.renew(a.leases);
        database.sql("update credit_lease set expires_at = now() where tenant_id = ?", tenant.value());
        LeaseParts.reclaim(b.leases);
        assertThat(held(tenant) + leased(tenant)).isZero();
        assertThat(available(tenant)).isEqualTo(100_000 - 60);
    }

    @Test
    void withoutATokenTheLogFindsTheHold() {
        TenantId tenant = a.subscribed(1000);
        a.lease(tenant);
        UUID settled = UUID.randomUUID();
        UUID missed = UUID.randomUUID();
        UUID released = UUID.randomUUID();
        a.decide(tenant, settled);
        a.decide(tenant, missed);
        DecisionResponse third = a.decide(tenant, released);
        PolicyStory.await(() -> database.sql(
                        "select count(*) from decision where tenant_id = ? and lease_id is not null", tenant.value())
                == 3);

        assertThat(b.settle(tenant, settled, 1, null).credits()).isEqualTo(1);
        HoldParts.settleMissed(b.holds, tenant, missed, ONE, Instant.now());
        HoldParts.settleMissed(b.holds, tenant, missed, ONE, Instant.now());
        b.release(tenant, released, token(third));

        assertThat(available(tenant)).isEqualTo(998);
        assertThat(database.sql("select count(*) from hold where tenant_id = ? and state = 'settled'", tenant.value()))
                .isEqualTo(2);
        assertThat(b.settle(tenant, released, 1, token(third)).credits()).isEqualTo(1);
    }

    @Test
    void usageThatOvertakesTheLogWaitsForIt() {
        TenantId tenant = a.subscribed(1000);
        UUID operation = UUID.randomUUID();
        try (Replica slow = Replica.start(database, Map.of("policy.decision.log.gather", "3S", HEARING, "5S"))) {
            PolicyStory.await(slow.bulletin::isCurrent);
            slow.lease(tenant);
            slow.decide(tenant, operation);
            assertThat(slow.served()).isEqualTo(1);

            Throwable early =
                    catchThrowable(() -> HoldParts.settleMissed(b.holds, tenant, operation, ONE, Instant.now()));

            assertThat(early).isInstanceOf(Problem.class);
            assertThat(((Problem) early).type().status()).isEqualTo(503);
            assertThat(available(tenant)).isEqualTo(1000);
        }
        PolicyStory.await(() -> database.sql("select count(*) from decision where operation_id = ?", operation) == 1);
        HoldParts.settleMissed(b.holds, tenant, operation, ONE, Instant.now());
        assertThat(available(tenant)).isEqualTo(999);
    }

    @Test
    void workWhoseHoldDiedWithItsReplicaBeforeItWasLoggedIsCharged() {
        TenantId tenant = a.subscribed(1000);
        UUID operation = UUID.randomUUID();
        Instant longAgo = Instant.now().minus(HoldParts.UNKNOWN_PATIENCE);

        HoldParts.settleMissed(b.holds, tenant, operation, Map.of("message", 3L), longAgo);
        HoldParts.settleMissed(a.holds, tenant, operation, Map.of("message", 3L), longAgo);

        assertThat(available(tenant)).isEqualTo(997);
        assertThat(held(tenant)).isZero();
        assertThat(database.text("select state || ' ' || charged from hold where operation_id = ?", operation))
                .isEqualTo("settled 3");
        assertThat(database.sql(
                        "select count(*) from outbox_event where tenant_id = ? and type = 'policy.usage-settled.v1'",
                        tenant.value()))
                .isEqualTo(1);
        HoldParts.settleMissed(b.holds, new TenantId(UUID.randomUUID()), operation, ONE, longAgo);
        assertThatThrownBy(() -> HoldParts.settleMissed(
                        b.holds, tenant, UUID.randomUUID(), ONE, Instant.now().minus(Duration.ofDays(1))))
                .as("what is older than any hold could be named is put aside")
                .isInstanceOf(Problem.class)
                .hasMessageContaining("HOLD_NOT_FOUND");
    }

    @Test
    void aReplicaThatStillHasTheHoldOfForgottenWorkGetsItsCreditsBack() {
        TenantId tenant = a.subscribed(1000);
        a.lease(tenant);
        UUID operation = UUID.randomUUID();
        DecisionResponse decision = a.decide(tenant, operation);
        PolicyStory.await(() -> database.sql("delete from decision where tenant_id = ?", tenant.value()) == 1);

        HoldParts.settleMissed(b.holds, tenant, operation, ONE, Instant.now().minus(HoldParts.UNKNOWN_PATIENCE));

        assertThat(available(tenant)).isEqualTo(999);
        assertThat(a.settle(tenant, operation, 1, token(decision)).credits()).isEqualTo(1);
        assertThat(LeaseParts.kept(a.leases, tenant).values().stream()
                        .mapToLong(LeaseParts.Kept::free)
                        .sum())
                .isEqualTo(leased(tenant));
        a.leases.recall(tenant);
        assertThat(leased(tenant)).isZero();
        assertThat(available(tenant)).isEqualTo(999);
    }

    @Test
    void aRowThatSettlementsLockForMomentsIsRenewedAllTheSame() throws Exception {
        TenantId tenant = a.subscribed(1000);
        a.lease(tenant);
        a.decide(tenant, UUID.randomUUID());
        long before = leaseEnd(tenant);
        // It looks for 400 ms: where the machine stood still for that long, once more.
        for (int tries = 0; tries < 3 && leaseEnd(tenant) == before; tries++) {
            try (Connection other = PostgresServer.shared().superuser("policy_replicas")) {
                lock(other, "credit_lease", tenant);
                CompletableFuture<Void> renewal = CompletableFuture.runAsync(() -> LeaseParts.renew(a.leases));
                TimeUnit.MILLISECONDS.sleep(100);
                other.rollback();
                assertThat(renewal).succeedsWithin(Duration.ofSeconds(30));
            }
        }

        assertThat(leaseEnd(tenant)).isGreaterThan(before);
    }

    @Test
    void oneTransactionThatStandsStillEndsNobodysLease() throws Exception {
        TenantId still = a.subscribed(1000);
        TenantId tenant = a.subscribed(1000);
        for (TenantId one : List.of(still, tenant)) {
            a.lease(one);
            a.decide(one, UUID.randomUUID());
        }
        long before = leaseEnd(still);
        try (Connection other = PostgresServer.shared().superuser("policy_replicas")) {
            lock(other, "credit_lease", still);
            CompletableFuture<Void> renewal = CompletableFuture.runAsync(() -> LeaseParts.renew(a.leases));
            assertThat(renewal).succeedsWithin(Duration.ofSeconds(30));
            other.rollback(); // a connection that is closed ends its transaction some time later
        }

        assertThat(leaseEnd(still)).isEqualTo(before);
        assertThat(leaseEnd(tenant)).isGreaterThan(before);
        assertThat(a.decisions.fromMemory(still, UUID.randomUUID(), ONE)).isPresent();
        a.skip(Duration.ofSeconds(6));
        LeaseParts.renew(a.leases);
        a.skip(Duration.ofSeconds(6));
        PolicyStory.await(a.bulletin::isCurrent);
        assertThat(a.decisions.fromMemory(still, UUID.randomUUID(), ONE)).isPresent();
        assertThat(leaseEnd(still)).isGreaterThan(before);
    }

    @Test
    void leasesAreRenewedWhateverWaitsToBeGivenBack() throws Exception {
        TenantId locked = a.subscribed(1000);
        TenantId tenant = a.subscribed(1000);
        a.lease(locked);
        a.lease(tenant);
        a.decide(tenant, UUID.randomUUID());
        long before = leaseEnd(tenant);
        try (Connection other = PostgresServer.shared().superuser("policy_replicas")) {
            lock(other, "credit_account", locked);
            CompletableFuture<Void> renewal =
                    CompletableFuture.runAsync(() -> LeaseParts.renewAndGiveBackSoon(a.leases));
            assertThat(renewal).succeedsWithin(Duration.ofSeconds(30));
            assertThat(leaseEnd(tenant)).isGreaterThan(before);
        }
        PolicyStory.await(() -> leased(locked) == 0);
    }

    private static void lock(Connection other, String table, TenantId tenant) throws SQLException {
        other.setAutoCommit(false);
        try (PreparedStatement lock =
                other.prepareStatement("select 1 from " + table + " where tenant_id = ? for update")) {
            lock.setObject(1, tenant.value());
            lock.execute();
        }
    }

    private long leaseEnd(TenantId tenant) {
        return database.sql(
                "select extract(epoch from expires_at) * 1000000 from credit_lease where tenant_id = ?",
                tenant.value());
    }

    @Test
    void aHoldThatEndedElsewhereIsNotAnsweredFromMemory() {
        TenantId tenant = a.subscribed(1000);
        a.lease(tenant);
        UUID operation = UUID.randomUUID();
        DecisionResponse first = a.decide(tenant, operation);
        assertThat(a.served()).isEqualTo(1);
        b.release(tenant, operation, token(first));
        assertThat(held(tenant)).isZero();

        DecisionResponse again = a.decide(tenant, operation);

        assertThat(again.allow()).isTrue();
        assertThat(again.decisionId()).isNotEqualTo(first.decisionId());
        assertThat(held(tenant)).as("what stands behind it").isEqualTo(1);
        assertThat(b.settle(tenant, operation, 1, token(again)).credits()).isEqualTo(1);
        assertThat(held(tenant)).isZero();
    }

    @Test
    void whatAGroupMadeFreeTheNextOneDoesNotTakeAgain() throws Exception {
        TenantId tenant = a.subscribed(1000);
        a.lease(tenant);
        UUID operation = UUID.randomUUID();
        DecisionResponse inMemory = a.decide(tenant, operation);
        b.decide(tenant, operation);
        database.sql("update hold set expires_at = now() - interval '1 second' where tenant_id = ?", tenant.value());
        HoldParts.expire(b.holds, tenant);
        a.skip(HoldParts.LIFETIME);
        CompletableFuture<Void> expiry;
        CompletableFuture<SettlementResponse> settlement;
        try (Connection other = PostgresServer.shared().superuser("policy_replicas")) {
            lock(other, "credit_account", tenant);
            expiry = CompletableFuture.runAsync(() -> HoldParts.expire(a.holds, tenant));
            PolicyStory.await(() -> database.sql(
                            "select count(*) from pg_stat_activity where datname = 'policy_replicas' and wait_event_type = 'Lock'")
                    == 1);
            settlement = CompletableFuture.supplyAsync(() -> a.settle(tenant, operation, 1, token(inMemory)));
            Thread.sleep(300); // it waits behind the expiry, in this replica
        }

        assertThat(settlement.get().credits()).isEqualTo(1);
        expiry.get();
        assertThat(LeaseParts.kept(a.leases, tenant).values().stream()
                        .mapToLong(LeaseParts.Kept::free)
                        .sum())
                .isEqualTo(leased(tenant));
    }

    @Test
    void whatCannotBeLoggedKeepsNothingElseFromTheLog() {
        TenantId tenant = a.subscribed(1000);
        a.decisions.decide(tenant, UUID.randomUUID(), ONE, false, null);
        UUID unwritable = UUID.randomUUID();

        assertThat(a.decisions.freeFromMemory(tenant, unwritable, "nobody\0")).isPresent();
        for (int i = 0; i < 5; i++) {
            assertThat(a.decisions.freeFromMemory(tenant, UUID.randomUUID(), "somebody"))
                    .isPresent();
        }

        PolicyStory.await(() -> database.sql(
                        "select count(*) from decision where tenant_id = ? and user_id = 'somebody'", tenant.value())
                == 5);
        assertThat(database.sql("select count(*) from decision where operation_id = ?", unwritable))
                .isZero();
        assertThat(a.metrics.counter("policy.decision.log.lost").count()).isEqualTo(1);
    }

    @Test
    void aDecisionThatIsMadeAfterTheLogHasStoppedIsLoggedAtOnce() throws Exception {
        TenantId tenant = a.subscribed(1000);
        a.lease(tenant);
        a.decisions.stop();

        UUID operation = UUID.randomUUID();
        assertThat(a.decisions.fromMemory(tenant, operation, ONE)).isPresent();

        assertThat(database.sql(
                        "select count(*) from decision where tenant_id = ? and operation_id = ?",
                        tenant.value(),
                        operation))
                .isEqualTo(1);
    }

    @Test
    void whatAKilledReplicaHeldAndNeverLoggedIsChargedFromItsUsageEventAtOnce() {
        TenantId tenant = a.subscribed(1000);
        TenantId other = a.subscribed(1000);
        a.lease(tenant);
        UUID operation = UUID.randomUUID();
        String hold = token(a.decide(tenant, operation));
        // The other replica knows what is left after a kill: no row, and no line in the log either.
        PolicyStory.await(() -> database.sql("select count(*) from decision where tenant_id = ?", tenant.value()) > 0);
        database.sql("delete from decision where tenant_id = ?", tenant.value());

        Throwable stolen =
                catchThrowable(() -> HoldParts.settleMissed(b.holds, other, operation, ONE, Instant.now(), hold));
        HoldParts.settleMissed(b.holds, tenant, operation, ONE, Instant.now(), hold);
        HoldParts.settleMissed(b.holds, tenant, operation, ONE, Instant.now(), hold);

        assertThat(stolen).isInstanceOf(Problem.class);
        assertThat(available(tenant)).isEqualTo(999);
        assertThat(available(other)).isEqualTo(1000);
    }

    @Test
    void anotherTenantsTokenIsWorthNothing() {
        TenantId tenant = a.subscribed(1000);
        TenantId other = a.subscribed(1000);
        a.lease(tenant);
        UUID operation = UUID.randomUUID();
        String hold = token(a.decide(tenant, operation));

        assertThatThrownBy(() -> b.settle(other, operation, 1, hold)).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> b.settle(tenant, UUID.randomUUID(), 1, hold)).isInstanceOf(Problem.class);

        assertThat(available(other)).isEqualTo(1000);
    }

    @Test
    void aDeadReplicaKeepsCreditsNoLongerThanItsLease() throws Exception {
        TenantId tenant = a.subscribed(400);
        assertThat(a.lease(tenant)).isTrue();
        List<UUID> operations =
                IntStream.range(0, 10).mapToObj(i -> UUID.randomUUID()).toList();
        List<DecisionResponse> holds = operations.stream()
                .map(operation -> a.decide(tenant, operation))
                .toList();
        long gone = leased(tenant);
        assertThat(a.served()).isEqualTo(10);
        assertThat(gone).isBetween(10L, 25L);
        a.die();
        Replica left = Replica.start(database, Map.of("policy.lease.worth-after", "100000", TURNS, "20S"));
        PolicyStory.await(() -> left.bulletin.isCurrent());

        List<Callable<DecisionResponse>> calls = IntStream.range(0, 500)
                .<Callable<DecisionResponse>>mapToObj(i -> () -> left.decide(tenant, UUID.randomUUID()))
                .toList();
        long meanwhile = PolicyStory.atOnce(32, calls).stream()
                .filter(DecisionResponse::allow)
                .count();
        database.sql("update credit_lease set expires_at = now() where tenant_id = ?", tenant.value());
        LeaseParts.reclaim(left.leases);
        long after = PolicyStory.atOnce(32, calls).stream()
                .filter(DecisionResponse::allow)
                .count();

        assertThat(meanwhile).isEqualTo(400 - gone);
        assertThat(after).isEqualTo(gone);
        for (int i = 0; i < 10; i++) {
            assertThat(left.settle(tenant, operations.get(i), 1, token(holds.get(i)))
                            .credits())
                    .as("nothing is left that no other hold needs")
                    .isZero();
        }
        assertThat(held(tenant)).isEqualTo(400);
        assertThat(leased(tenant)).isZero();
        left.close();
    }

    /** Two replicas, 64 threads each; one is a process that is killed with -9 in the middle of it. */
    @Test
    void killedMidLoadOneReplicaLosesNothingLongerThanItsLeaseAndNothingIsSpentTwice() throws Exception {
        long granted = 5_000;
        Duration lifetime = Duration.ofSeconds(2);
        Map<String, String> ofOther = Map.of(
                "policy.lease.lifetime",
                "2S",
                "policy.lease.margin",
                "0.3S",
                "policy.lease.worth-after",
                "2",
                TURNS,
                "20S",
                HEARING,
                "5S");
        TenantId tenant = a.subscribed(granted);
        Map<UUID, String> mine = new ConcurrentHashMap<>();
        AtomicBoolean over = new AtomicBoolean();
        Replica here = Replica.start(
                database,
                Map.of("policy.lease.lifetime", "60S", "policy.lease.worth-after", "2", TURNS, "20S", HEARING, "5S"));
        try (ReplicaProcess other = ReplicaProcess.start(database, tenant, 64, ofOther)) {
            here.attend();
            assertThat(other.awaitReady()).as("the other is ready").isTrue();
            PolicyStory.await(here.bulletin::isCurrent);
            Future<Boolean> neverTooMuch = watch(tenant, over);
            other.go();
            PolicyStory.await(() -> other.held.size() > 50);
            List<Callable<Long>> spending = new ArrayList<>(Collections.nCopies(64, () -> {
                for (int i = 0; ; i++) {
                    UUID operation = UUID.randomUUID();
                    DecisionResponse decision = here.decide(tenant, operation);
                    if (!decision.allow()) {
                        return 0L;
                    }
                    mine.put(operation, token(decision));
                    if (i % 3 == 0) {
                        here.settle(tenant, operation, 1, token(decision));
                    }
                }
            }));
            spending.add(() -> {
                PolicyStory.await(() -> other.held.size() > 100 && other.settled.size() > 10);
                other.kill();
                return database.sql(
                        "select extract(epoch from max(expires_at) - now()) * 1000" + OF_OTHER, tenant.value());
            });
            long millisLeft = PolicyStory.atOnce(65, spending).getLast();
            assertThat(millisLeft).as("of the dead one's leases").isLessThanOrEqualTo(lifetime.toMillis());
            PolicyStory.await(() -> database.sql("select count(*)" + OF_OTHER, tenant.value()) == 0);
            // A lease that was being taken may give back after all were refused.
            PolicyStory.await(() -> {
                PolicyStory.atOnce(64, spending.subList(0, 64));
                return free(tenant) == 0;
            });
            over.set(true);
            assertThat(neverTooMuch.get())
                    .as("more was set aside than there was")
                    .isTrue();

            List<Callable<Long>> settling = new ArrayList<>();
            mine.forEach((operation, hold) ->
                    settling.add(() -> here.settle(tenant, operation, 1, hold).credits()));
            assertThat(PolicyStory.atOnce(64, settling)).as("charged").containsOnly(1L);
            other.settled.forEach((operation, credits) -> assertThat(
                            here.settle(tenant, operation, 1, null).credits())
                    .isEqualTo(credits));
            List<Callable<Long>> lost = new ArrayList<>();
            other.held.forEach((operation, hold) ->
                    lost.add(() -> here.settle(tenant, operation, 1, hold).credits()));
            assertThat(PolicyStory.atOnce(64, lost))
                    .as("charged of what the dead one held")
                    .contains(0L, 1L);
        } finally {
            here.close();
        }
        long spent =
                database.sql("select sum(charged) from hold where tenant_id = ? and state = 'settled'", tenant.value());
        assertThat(spent + held(tenant))
                .as("spent, or held by operations that nobody heard of")
                .isEqualTo(granted);
        assertThat(available(tenant)).isEqualTo(granted - spent);
    }

    /** Looks all the time; false when it ever saw more set aside than there was. */
    private Future<Boolean> watch(TenantId tenant, AtomicBoolean over) {
        CompletableFuture<Boolean> seen = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            boolean enough = true;
            while (!over.get()) {
                enough &= free(tenant) >= 0;
            }
            seen.complete(enough);
        });
        return seen;
    }

    private long free(TenantId tenant) {
        return database.sql("select available - held - leased from credit_account where tenant_id = ?", tenant.value());
    }

    @Test
    void aReplicaThatSleptServesNothingFromMemoryWhenItWakes() {
        TenantId tenant = a.subscribed(1000);
        a.lease(tenant);
        UUID before = UUID.randomUUID();
        a.decide(tenant, before);
        assertThat(a.decisions.fromMemory(tenant, UUID.randomUUID(), ONE)).isPresent();

        a.skip(Duration.ofSeconds(20));
        assertThat(a.decisions.fromMemory(tenant, UUID.randomUUID(), ONE))
                .as("it has not heard the bulletin")
                .isEmpty();
        PolicyStory.await(a.bulletin::isCurrent);
        assertThat(a.decisions.fromMemory(tenant, UUID.randomUUID(), ONE))
                .as("its lease is over by its own clock")
                .isEmpty();

        database.sql("update credit_lease set expires_at = now() where tenant_id = ?", tenant.value());
        LeaseParts.reclaim(b.leases);
        LeaseParts.renew(a.leases);
        assertThat(leased(tenant)).as("what is gone is not renewed").isZero();
        assertThat(a.decisions.fromMemory(tenant, UUID.randomUUID(), ONE)).isEmpty();
        assertThat(a.decide(tenant, UUID.randomUUID()).allow()).isTrue();
        assertThat(a.settle(tenant, before, 1, null).credits()).isEqualTo(1);
        assertThat(available(tenant)).isEqualTo(999);
    }

    @Test
    void aLeaseThatWasTakenAwayDoesNotRiseAgain() {
        TenantId tenant = a.subscribed(1000);
        a.lease(tenant);
        a.decide(tenant, UUID.randomUUID());
        database.sql("update credit_lease set expires_at = now() where tenant_id = ?", tenant.value());
        LeaseParts.reclaim(b.leases);

        assertThat(a.lease(tenant)).isFalse();
        assertThat(a.decisions.fromMemory(tenant, UUID.randomUUID(), ONE)).isEmpty();
        assertThat(leased(tenant)).isZero();
        assertThat(a.lease(tenant)).isTrue();
        long inMemory = LeaseParts.kept(a.leases, tenant).values().stream()
                .mapToLong(LeaseParts.Kept::free)
                .sum();
        assertThat(inMemory).isEqualTo(leased(tenant));
    }

    @Test
    void aLeaseThatIsRenewedServesOn() {
        TenantId tenant = a.subscribed(1000);
        a.lease(tenant);
        a.decide(tenant, UUID.randomUUID());
        a.skip(Duration.ofSeconds(6));
        LeaseParts.renew(a.leases);
        a.skip(Duration.ofSeconds(6));
        PolicyStory.await(a.bulletin::isCurrent);

        assertThat(a.decisions.fromMemory(tenant, UUID.randomUUID(), ONE)).isPresent();
    }

    @Test
    void afterARevocationNobodyAllowsOnItsVersion() throws Exception {
        TenantId tenant = a.subscribed(100_000);
        a.lease(tenant);
        b.lease(tenant);
        AtomicBoolean stop = new AtomicBoolean();
        List<Callable<Long>> calls = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Replica replica = either(i);
            calls.add(() -> {
                long latest = 0;
                while (!stop.get()) {
                    DecisionResponse decision = replica.decide(tenant, UUID.randomUUID());
                    latest = decision.allow() ? Math.max(latest, decision.policyVersion()) : latest;
                }
                return latest;
            });
        }
        calls.add(() -> {
            PolicyStory.await(() -> a.served() > 20 && b.served() > 20);
            a.suspend(tenant);
            stop.set(true);
            return 0L;
        });

        List<Long> latest = PolicyStory.atOnce(5, calls);

        assertThat(latest).allMatch(version -> version <= 1);
        assertThatThrownBy(() -> b.decisions.decide(tenant, UUID.randomUUID(), ONE, true, 3L))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("POLICY_VERSION_NOT_REACHED");
        assertThat(b.decisions.decide(tenant, UUID.randomUUID(), ONE, true, 2L).allow())
                .isFalse();
        assertThat(database.sql(
                        "select count(*) from credit_lease where tenant_id = ? and ended_at is null", tenant.value()))
                .as("the change ended them in its own transaction")
                .isZero();
        PolicyStory.await(() -> b.decisions
                        .fromMemory(tenant, UUID.randomUUID(), ONE)
                        .isEmpty()
                && a.decisions.fromMemory(tenant, UUID.randomUUID(), ONE).isEmpty());
    }

    @Test
    void aChangeOfTermsFreesWhatNobodyHoldsAndKeepsTheRest() {
        TenantId tenant = a.subscribed(1000);
        a.lease(tenant);
        UUID operation = UUID.randomUUID();
        DecisionResponse decision = a.decide(tenant, operation);
        assertThat(leased(tenant)).isGreaterThan(1);

        b.changeTerms(tenant, 2, null);
        PolicyStory.await(() -> leased(tenant) == 1);

        assertThat(a.decide(tenant, operation).hold()).isEqualTo(decision.hold());
        LeaseParts.renew(a.leases);
        assertThat(b.settle(tenant, operation, 1, token(decision)).credits()).isEqualTo(1);
        assertThat(leased(tenant)).isZero();
        assertThat(available(tenant)).isEqualTo(999);
    }

    @Test
    void aReplicaThatLosesTheBulletinForgetsAndHearsAgain() {
        TenantId tenant = a.subscribed(1000);
        a.lease(tenant);
        a.decide(tenant, UUID.randomUUID());

        database.sql(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'policy-bulletin'");

        PolicyStory.await(() -> leased(tenant) == 1);
        PolicyStory.await(a.bulletin::isCurrent);
        assertThat(a.decide(tenant, UUID.randomUUID()).allow()).isTrue();
    }

    @Test
    void theSameOperationHasOneHoldWhereverItAsksAgainHere() {
        TenantId tenant = a.subscribed(1000);
        a.lease(tenant);
        UUID operation = UUID.randomUUID();
        DecisionResponse first = a.decide(tenant, operation);

        assertThat(a.decide(tenant, operation)).isEqualTo(first);
        a.settle(tenant, operation, 1, token(first));
        assertThat(a.decide(tenant, operation).allow()).isTrue();
        assertThat(a.settle(tenant, operation, 1, token(first)).credits()).isEqualTo(1);
        assertThat(available(tenant)).isEqualTo(999);
        assertThat(a.served()).isEqualTo(1);
    }

    @Test
    void anOperationThatAskedBothReplicasIsChargedOnceAndFreesBoth() {
        TenantId tenant = a.subscribed(1000);
        a.lease(tenant);
        b.lease(tenant);
        UUID operation = UUID.randomUUID();
        DecisionResponse here = a.decide(tenant, operation);
        DecisionResponse there = b.decide(tenant, operation);
        assertThat(a.served() + b.served()).isEqualTo(2);

        assertThat(b.settle(tenant, operation, 1, token(here)).credits()).isEqualTo(1);
        assertThat(a.settle(tenant, operation, 1, token(there)).credits()).isEqualTo(1);

        assertThat(available(tenant)).isEqualTo(999);
        a.skip(HoldParts.LIFETIME);
        b.skip(HoldParts.LIFETIME);
        HoldParts.expire(a.holds, tenant);
        HoldParts.expire(b.holds, tenant);
        LeaseParts.renew(a.leases);
        LeaseParts.renew(b.leases);
        assertThat(leased(tenant)).isZero();
    }

    @Test
    void aReplicaThatStopsLeavesItsHoldsAsRows() {
        TenantId tenant = a.subscribed(1000);
        a.lease(tenant);
        UUID operation = UUID.randomUUID();
        DecisionResponse decision = a.decide(tenant, operation);
        a.decide(tenant, UUID.randomUUID());

        HoldParts.handOver(a.holds);

        assertThat(leased(tenant)).isZero();
        assertThat(held(tenant)).isEqualTo(2);
        assertThat(a.decisions.fromMemory(tenant, UUID.randomUUID(), ONE)).isEmpty();
        assertThat(b.settle(tenant, operation, 1, token(decision)).credits()).isEqualTo(1);
        assertThat(held(tenant)).isEqualTo(1);
    }

    @Test
    void holdsInMemoryRunOutAndSaySo() {
        TenantId tenant = a.subscribed(1000);
        a.lease(tenant);
        UUID operation = UUID.randomUUID();
        DecisionResponse decision = a.decide(tenant, operation);

        a.skip(HoldParts.LIFETIME.minusSeconds(1));
        HoldParts.expire(a.holds, tenant);
        assertThat(database.sql("select count(*) from hold where tenant_id = ?", tenant.value()))
                .isZero();
        a.skip(Duration.ofSeconds(2));
        HoldParts.expire(a.holds, tenant);

        assertThat(database.sql(
                        "select count(*) from outbox_event where tenant_id = ? and type = 'policy.hold-expired.v1'",
                        tenant.value()))
                .isEqualTo(1);
        assertThat(b.settle(tenant, operation, 3, token(decision)).credits()).isEqualTo(3);
        assertThat(available(tenant)).isEqualTo(997);
    }

    @Test
    void workThatCostsMoreThanItsHoldIsPaidFromWhatLeasesKeepForNobody() {
        TenantId tenant = a.subscribed(160);
        a.lease(tenant);
        b.lease(tenant);
        UUID operation = UUID.randomUUID();
        DecisionResponse decision = a.decide(tenant, operation);
        assertThat(leased(tenant)).isBetween(15L, 20L);

        assertThat(b.settle(tenant, operation, 160, token(decision)).credits()).isEqualTo(160);

        assertThat(available(tenant)).isZero();
        PolicyStory.await(() -> leased(tenant) == 0);
    }

    @Test
    void tenantsOnTheSamePlanShareItInMemory() {
        Terms one = a.entitlements.terms(a.subscribed(1));
        Terms other = a.entitlements.terms(a.subscribed(2));

        assertThat(one.rates()).isSameAs(other.rates()).isNotEmpty();
        assertThat(one.agents()).isSameAs(other.agents());
    }

    @Test
    void ownCreditsAreBroughtBackAlsoWhileAnotherReplicaIsAskedInVain() {
        TenantId tenant = a.subscribed(1000);
        assertThat(b.lease(tenant)).isTrue();
        b.close();
        database.sql(
                "update credit_lease set expires_at = now() + interval '1 hour' where tenant_id = ?", tenant.value());
        long kept = leased(tenant);
        Map<String, String> hasty = new HashMap<>(PATIENT);
        hasty.put("policy.lease.recall-patience", "0.01S");
        Replica asking = Replica.start(database, hasty);
        try {
            PolicyStory.await(asking.bulletin::isCurrent);
            asking.leases.recall(tenant);
            assertThat(leased(tenant)).isEqualTo(kept);
            assertThat(asking.lease(tenant)).isTrue();
            assertThat(leased(tenant)).isGreaterThan(kept);

            DecisionResponse all = asking.decisions.decide(tenant, UUID.randomUUID(), Map.of("message", 1000 - kept));

            assertThat(all.allow()).isTrue();
            assertThat(held(tenant)).isEqualTo(1000 - kept);
            assertThat(leased(tenant)).isEqualTo(kept);
        } finally {
            asking.close();
        }
    }

    @Test
    void whatLeasesHaveIsNotTakenBack() {
        TenantId tenant = a.subscribed(1600);
        a.lease(tenant);
        UUID operation = UUID.randomUUID();
        DecisionResponse decision = a.decide(tenant, operation);
        long leased = leased(tenant);
        assertThat(leased).isGreaterThan(30);

        b.withdraw(tenant, 1_000_000);

        assertThat(available(tenant)).isEqualTo(leased);
        assertThat(a.settle(tenant, operation, 1, token(decision)).credits()).isEqualTo(1);
        for (int i = 1; i < leased; i++) {
            assertThat(a.decide(tenant, UUID.randomUUID()).allow()).isTrue();
        }
        assertThat(b.decide(tenant, UUID.randomUUID()).allow()).isFalse();
    }

    @Test
    void overageIsLeasedLikeCreditsAndNeverPassed() throws Exception {
        TenantId tenant = a.subscribed(500, new SubscriptionChanged.Mode("charge_up_to_cap", 300L));

        List<DecisionResponse> answers = ask(tenant, 1000);

        assertThat(answers.stream().filter(DecisionResponse::allow)).hasSize(800);
        assertThat(held(tenant) + leased(tenant)).isEqualTo(800);
    }

    @Test
    void aDecisionThatHoldsNothingIsMadeInMemoryFarFromTheLimit() {
        TenantId tenant = a.subscribed(1000);
        a.decisions.decide(tenant, UUID.randomUUID(), ONE, false, null);

        DecisionResponse decision = a.decisions.decide(tenant, UUID.randomUUID(), ONE, false, null);

        assertThat(decision.allow()).isTrue();
        assertThat(decision.remaining()).isEqualTo(1000);
        a.suspend(tenant);
        PolicyStory.await(() -> a.decisions
                .decide(tenant, UUID.randomUUID(), ONE, false, null)
                .reasonCode()
                .name()
                .equals("TENANT_SUSPENDED"));
        PolicyStory.await(() ->
                database.sql("select count(*) from decision where tenant_id = ? and credits = 0", tenant.value()) >= 3);
    }

    @Test
    void theMinutesCheckSeesNoDriftInLeases() {
        TenantId tenant = a.subscribed(1000);
        a.lease(tenant);
        a.decide(tenant, UUID.randomUUID());

        long before = CreditParts.drifting(a.credits);
        database.sql("update credit_account set leased = leased + 1 where tenant_id = ?", tenant.value());
        assertThat(CreditParts.drifting(a.credits)).isEqualTo(before + 1);
        database.sql("update credit_account set leased = leased - 1 where tenant_id = ?", tenant.value());
        assertThat(CreditParts.drifting(a.credits)).isEqualTo(before).isZero();
    }
}
