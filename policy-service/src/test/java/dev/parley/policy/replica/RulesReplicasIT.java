package dev.parley.policy.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.decision.DecisionResponse;
import dev.parley.policy.engine.ReasonCode;
import dev.parley.policy.rules.RulesDocument;
import dev.parley.policy.rules.RulesParts;
import dev.parley.testing.PostgresServer;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Rules over two replicas that serve holds from memory. */
class RulesReplicasIT {
    private static final RulesDocument NO_CONCIERGE = new RulesDocument(
            null, List.of(new RulesDocument.DenialRule("stop", Set.of("concierge"), null, null, null, "Wait.")), null);

    private record Seen(long startedAt, int rulesVersion, ReasonCode reason) {}

    @Test
    void afterAnActivationNoReplicaDecidesOnAnotherVersion() throws Exception {
        ReplicaDatabase database = ReplicaDatabase.create("rules_of_replicas", 20);
        try (Replica a = Replica.start(database, Map.of());
                Replica b = Replica.start(database, Map.of());
                ExecutorService callers = Executors.newFixedThreadPool(4)) {
            TenantId tenant = a.subscribed(100_000_000);
            await(() -> a.bulletin.isCurrent() && b.bulletin.isCurrent());
            Queue<Seen> seen = new ConcurrentLinkedQueue<>();
            AtomicBoolean over = new AtomicBoolean();
            for (Replica replica : List.of(a, a, b, b)) {
                callers.submit(() -> {
                    while (!over.get()) {
                        long at = System.nanoTime();
                        DecisionResponse answer = replica.decide(tenant, UUID.randomUUID());
                        seen.add(new Seen(at, answer.rulesVersion(), answer.reasonCode()));
                    }
                    return null;
                });
            }
            await(() -> a.served() > 100 && b.served() > 100);

            for (int i = 0; i < 3; i++) {
                boolean stop = i % 2 == 0;
                int version = RulesParts.enforce((stop ? a : b).rules, stop ? NO_CONCIERGE : RulesDocument.EMPTY);
                long active = System.nanoTime();
                await(() ->
                        seen.stream().filter(one -> one.startedAt() > active).count() >= 50);
                List<Seen> after =
                        seen.stream().filter(one -> one.startedAt() > active).toList();

                assertThat(after).extracting(Seen::rulesVersion).containsOnly(version);
                assertThat(after)
                        .extracting(Seen::reason)
                        .containsOnly(stop ? ReasonCode.DENIED_BY_RULE : ReasonCode.ALLOWED);
                seen.clear();
            }
            over.set(true);
        }
    }

    @Test
    void aReplicaThatHearsNothingAsksTheDatabase() throws Exception {
        ReplicaDatabase database = ReplicaDatabase.create("rules_unheard", 10);
        try (Replica a = Replica.start(database, Map.of());
                Replica deaf = Replica.start(database, Map.of())) {
            TenantId tenant = a.subscribed(100);
            await(() -> deaf.bulletin.isCurrent());
            assertThat(deaf.decide(tenant, UUID.randomUUID()).allow()).isTrue();

            deaf.bulletin.stop();
            int version = RulesParts.enforce(a.rules, NO_CONCIERGE);

            DecisionResponse refused = deaf.decide(tenant, UUID.randomUUID());
            assertThat(refused.reasonCode()).isEqualTo(ReasonCode.DENIED_BY_RULE);
            assertThat(refused.rulesVersion()).isEqualTo(version);
        }
    }

    @Test
    void aHoldThatWaitedIsDecidedByTheRulesThatAreInForceWhenItIsTaken() throws Exception {
        ReplicaDatabase database = ReplicaDatabase.create("rules_while_waiting", 10);
        try (Replica a = Replica.start(database, Map.of());
                Replica b = Replica.start(database, Map.of());
                Connection other = PostgresServer.shared().superuser("rules_while_waiting");
                ExecutorService callers = Executors.newSingleThreadExecutor()) {
            TenantId tenant = a.subscribed(100);
            await(() -> a.bulletin.isCurrent() && b.bulletin.isCurrent());
            assertThat(a.decide(tenant, UUID.randomUUID()).allow()).isTrue();
            other.setAutoCommit(false);
            try (Statement lock = other.createStatement()) {
                lock.execute("select 1 from credit_account for update");
            }

            Future<DecisionResponse> waiting = callers.submit(() -> a.decide(tenant, UUID.randomUUID()));
            await(() -> database.sql("select count(*) from pg_stat_activity"
                            + " where datname = 'rules_while_waiting' and wait_event_type = 'Lock'")
                    == 1);
            int version = RulesParts.enforce(b.rules, NO_CONCIERGE);
            other.rollback();

            DecisionResponse answer = waiting.get();
            assertThat(answer.reasonCode()).isEqualTo(ReasonCode.DENIED_BY_RULE);
            assertThat(answer.rulesVersion()).isEqualTo(version);
            assertThat(database.sql("select held from credit_account")).isEqualTo(1);
        }
    }

    private static void await(java.util.concurrent.Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("waited 60 s").isLessThan(end);
            Thread.sleep(10);
        }
    }
}
