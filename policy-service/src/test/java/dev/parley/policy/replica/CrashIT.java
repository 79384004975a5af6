package dev.parley.policy.replica;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.data.Database;
import dev.parley.platform.event.EventConsumer;
import dev.parley.platform.eventkey.EventKeys;
import dev.parley.platform.json.JsonConventions;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.PolicyBooks;
import dev.parley.policy.PolicyStory;
import dev.parley.policy.decision.DecisionResponse;
import dev.parley.policy.hold.HoldParts;
import dev.parley.policy.inbound.InboundParts;
import dev.parley.policy.lease.LeaseParts;
import dev.parley.testing.CrashReport;
import dev.parley.testing.EventDelivery;
import dev.parley.testing.EveryBoundary;
import dev.parley.testing.EveryBoundary.Tried;
import dev.parley.testing.MortalProcess;
import dev.parley.testing.PostgresServer;
import dev.parley.testing.SealedEvents;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A replica dies at every statement boundary of policy's money paths; another one takes over, with nothing but what the
 * database knows. Recovery is what production does: an event comes again, a caller asks again, the sweepers sweep.
 */
class CrashIT {
    private static final Map<String, String> SETTINGS =
            Map.of("policy.lease.worth-after", "1000000", "policy.lease.share", "4", "policy.bulletin.patience", "30S");
    private static final String TOPIC = "billing.subscription.events";
    private static final SecretVault VAULT = vault();
    private static final long GRANTED = 100;

    private static ReplicaDatabase database;
    private static Connection superuser;
    private static PolicyBooks books;
    private static Replica survivor;

    @BeforeAll
    static void start() throws SQLException {
        database = ReplicaDatabase.create("policy_crash", 6);
        superuser = PostgresServer.shared().superuser("policy_crash");
        books = new PolicyBooks(superuser);
        survivor = Replica.start(database, SETTINGS);
        PolicyStory.await(survivor.bulletin::isCurrent);
    }

    @AfterAll
    static void stop() throws SQLException {
        survivor.close();
        superuser.close();
    }

    private static SecretVault vault() {
        try {
            AeadConfig.register();
            return new SecretVault(KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM));
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static EventDelivery delivery(Database to) {
        ObjectMapper mapper = new ObjectMapper().findAndRegisterModules();
        new JsonConventions().customize(mapper);
        EventKeys keys = new EventKeys(to, VAULT, tenant -> Optional.of(SealedEvents.keyset(tenant)));
        return new EventDelivery(EventDelivery.codec(mapper, "policy-service", keys), to);
    }

    /** One tenant, the replica that dies, and what is known outside of it. */
    private abstract static class Story implements EveryBoundary.Life {
        final MortalProcess process = new MortalProcess();
        final TenantId tenant = new TenantId(UUID.randomUUID());
        final UUID operation = UUID.randomUUID();
        Replica dying;
        EventDelivery toDying;
        String expected;

        /**
         * Starts the replica that will die, once everything is as its path needs it: what it heard of while it lived
         * would make one life's path another than the next one's.
         */
        final Story begun() {
            ReplicaDatabase reached = database.reachedBy(process);
            dying = Replica.start(reached, SETTINGS);
            toDying = delivery(reached.database());
            PolicyStory.await(dying.bulletin::isCurrent);
            // A replica reads the rules beside everything else when it begins to hear.
            PolicyStory.await(() -> process.passed().contains("after commit"));
            dying.rules.active();
            atDying();
            return this;
        }

        /** What the dying replica does before its path. */
        void atDying() {}

        @Override
        public MortalProcess process() {
            return process;
        }

        @Override
        public void recover() throws Exception {
            dying.die();
            again();
        }

        /** What comes again after the death. */
        abstract void again() throws Exception;

        /** What follows in any case, before the end is looked at. */
        void goOn() {}

        String end() {
            return database.text("""
                    select concat_ws(' | ', granted, available, held, leased, drawn, warned_percent, policy_version, counters,
                      (select string_agg(concat_ws(' ', source, granted, remaining, unspent, closed_at is not null), ', '
                              order by source, granted) from credit_lot l where l.tenant_id = a.tenant_id),
                      (select string_agg(concat_ws(' ', state, credits, rated, charged, close_reason), ', ' order by state)
                         from hold h where h.tenant_id = a.tenant_id),
                      (select string_agg(type || ' ' || times, ', ' order by type)
                         from (select type, count(*) as times from outbox_event o where o.tenant_id = a.tenant_id group by type) e),
                      (select count(*) from processed_event p where p.tenant_id = a.tenant_id),
                      (select count(*) from decision d where d.tenant_id = a.tenant_id and allow))
                      from credit_account a where tenant_id = ?""", tenant.value());
        }

        @Override
        public void check() {
            goOn();
            agree();
            if (expected != null) {
                assertThat(end()).isEqualTo(expected);
            }
            everythingRunsOut();
            agree();
            assertThat(database.sql("select held + leased from credit_account where tenant_id = ?", tenant.value()))
                    .as("set aside in the end")
                    .isZero();
            dying.die();
        }

        private void agree() {
            assertThat(books.faults(tenant.value())).isEmpty();
            assertThat(books.untold(tenant.value())).isEmpty();
        }

        private void everythingRunsOut() {
            database.sql(
                    "update hold set expires_at = now() - interval '1 second' where tenant_id = ? and state = 'held'",
                    tenant.value());
            HoldParts.expire(survivor.holds, tenant);
            leasesRunOut();
        }

        void leasesRunOut() {
            database.sql("update credit_lease set expires_at = now() where tenant_id = ?", tenant.value());
            LeaseParts.reclaim(survivor.leases);
        }

        // --- what tenants do ---

        ConsumerRecord<String, byte[]> event(String type, String payload) {
            return EventDelivery.message(UUID.randomUUID(), TOPIC, "billing." + type + ".v1", tenant, payload);
        }

        ConsumerRecord<String, byte[]> changed(long version, String plan) {
            return event("subscription-changed", """
                    {"version":%d,"status":"active","plan":"%s","plan_version":1,"current_period_start":"2026-11-01T00:00:00Z",
                     "current_period_end":"2036-12-01T00:00:00Z","entitlement":{"agents":["*"],"channels":["*"],
                     "rates":{"message":{"credits":1,"per":1}},"quotas":%s,"overage":{"mode":"block"}}}
                    """.formatted(version, plan, quotas()));
        }

        String quotas() {
            return "{}";
        }

        ConsumerRecord<String, byte[]> granted(UUID lot, String source, long credits) {
            return event("credits-granted", """
                    {"lot_id":"%s","source":"%s","credits":%d,"expires_at":null}""".formatted(lot, source, credits));
        }

        EventConsumer subscriptionsAt(Replica replica) {
            return InboundParts.subscriptions(replica.entitlements, replica.credits);
        }

        @SafeVarargs
        final void toSurvivor(ConsumerRecord<String, byte[]>... messages) {
            delivery(database.database()).deliver(subscriptionsAt(survivor), messages);
        }

        @SafeVarargs
        final void toDying(ConsumerRecord<String, byte[]>... messages) {
            toDying.deliver(subscriptionsAt(dying), messages);
        }

        final UUID subscribed(long credits) {
            UUID lot = UUID.randomUUID();
            toSurvivor(changed(1, "starter"), granted(lot, "plan", credits));
            return lot;
        }

        /** Takes a hold in the memory of the replica that will die, out of a lease. */
        final String heldInMemory() {
            assertThat(dying.lease(tenant)).isTrue();
            String token = token(dying.decide(tenant, operation));
            assertThat(dying.served()).isEqualTo(1);
            // The log is written behind the answer, and is not part of the path.
            PolicyStory.await(
                    () -> database.sql("select count(*) from decision where tenant_id = ?", tenant.value()) == 1);
            return token;
        }
    }

    private static String token(DecisionResponse decision) {
        assertThat(decision.allow()).isTrue();
        return decision.hold().id();
    }

    private static void everyBoundary(
            String path, String where, int atLeast, String recovery, String result, Supplier<Story> stories)
            throws Exception {
        Story undisturbed = stories.get().begun();
        undisturbed.live();
        undisturbed.goOn();
        String expected = undisturbed.end();
        undisturbed.dying.die();

        Tried tried = EveryBoundary.of(() -> {
            Story story = stories.get().begun();
            story.expected = expected;
            return story;
        });

        assertThat(tried.count())
                .as("boundaries of %s: %s", path, tried.boundaries())
                .isGreaterThanOrEqualTo(atLeast);
        CrashReport.row(path, where, tried, recovery, result);
    }

    @Test
    void signupGrant() throws Exception {
        everyBoundary(
                "signup grant",
                "policy: terms and first lot arrive",
                20,
                "the same events come again",
                "one lot, one version",
                () -> new Story() {
                    final ConsumerRecord<String, byte[]> terms = changed(1, "free");
                    final ConsumerRecord<String, byte[]> lot = granted(UUID.randomUUID(), "trial", GRANTED);

                    @Override
                    public void live() {
                        toDying(terms);
                        toDying(lot);
                    }

                    @Override
                    void again() {
                        toSurvivor(terms);
                        toSurvivor(lot);
                    }
                });
    }

    @Test
    void aHoldOfTheLastCredit() throws Exception {
        everyBoundary(
                "hold",
                "policy: by statement, of the last credit and a quota",
                6,
                "the caller asks again",
                "one hold; a second operation is refused",
                () -> new Story() {
                    {
                        subscribed(1);
                    }

                    @Override
                    String quotas() {
                        return "{\"message\":1}";
                    }

                    @Override
                    public void live() {
                        token(dying.decide(tenant, operation));
                    }

                    @Override
                    void again() {
                        token(survivor.decide(tenant, operation));
                    }

                    @Override
                    void goOn() {
                        assertThat(survivor.decide(tenant, UUID.randomUUID()).allow())
                                .isFalse();
                    }
                });
    }

    @Test
    void aHoldWhoseCallerDiesToo() throws Exception {
        everyBoundary(
                "hold",
                "policy: by statement",
                6,
                "nobody asks again; the sweeper",
                "no credit stays set aside",
                () -> new Story() {
                    {
                        subscribed(GRANTED);
                    }

                    @Override
                    public void live() {
                        dying.decide(tenant, operation);
                    }

                    @Override
                    void again() {}

                    @Override
                    String end() {
                        return expected; // whether there was a hold depends on where it died
                    }
                });
    }

    @Test
    void aHoldOutOfALease() throws Exception {
        everyBoundary(
                "hold",
                "policy: lease taken, held in memory, logged, renewed, given back",
                14,
                "the caller asks another replica; leases run out",
                "charged once",
                () -> new Story() {
                    String token;

                    {
                        subscribed(GRANTED);
                    }

                    @Override
                    public void live() {
                        assertThat(dying.lease(tenant)).isTrue();
                        DecisionResponse decision = dying.decide(tenant, operation);
                        PolicyStory.await(() -> process.isDead()
                                || database.sql("select count(*) from decision where tenant_id = ?", tenant.value())
                                        == 1);
                        LeaseParts.renew(dying.leases);
                        dying.leases.recall(tenant);
                        token = token(decision);
                    }

                    @Override
                    void again() {
                        leasesRunOut();
                        token = token(survivor.decide(tenant, operation));
                    }

                    @Override
                    void goOn() {
                        assertThat(survivor.settle(tenant, operation, 1, token).credits())
                                .isEqualTo(1);
                        leasesRunOut();
                    }

                    @Override
                    String end() {
                        return figures(tenant);
                    }
                });
    }

    private static String figures(TenantId tenant) {
        return database.text("""
                select concat_ws(' ', granted, available, held, leased, (select sum(charged) from hold h where h.tenant_id = a.tenant_id))
                  from credit_account a where tenant_id = ?""", tenant.value());
    }

    @Test
    void aSettlement() throws Exception {
        everyBoundary(
                "settle",
                "policy: a hold with a row, for more than was held",
                6,
                "the caller settles again",
                "one charge, one event",
                () -> new Story() {
                    {
                        subscribed(GRANTED);
                        token(survivor.decide(tenant, operation));
                    }

                    @Override
                    public void live() {
                        assertThat(dying.settle(tenant, operation, 85, null).credits())
                                .isEqualTo(85);
                    }

                    @Override
                    void again() {
                        assertThat(survivor.settle(tenant, operation, 85, null).credits())
                                .isEqualTo(85);
                    }
                });
    }

    @Test
    void aSettlementOfWhatWasHeldInMemory() throws Exception {
        everyBoundary(
                "settle",
                "policy: a hold in a lease",
                3,
                "the caller settles at another replica, with its token",
                "one charge, one event",
                () -> new Story() {
                    String token;

                    {
                        subscribed(GRANTED);
                    }

                    @Override
                    void atDying() {

                        token = heldInMemory();
                    }

                    @Override
                    public void live() {
                        assertThat(dying.settle(tenant, operation, 2, token).credits())
                                .isEqualTo(2);
                    }

                    @Override
                    void again() {
                        assertThat(survivor.settle(tenant, operation, 2, token).credits())
                                .isEqualTo(2);
                    }

                    @Override
                    void goOn() {
                        leasesRunOut();
                    }
                });
    }

    @Test
    void aSettlementWhoseCallerDiesToo() throws Exception {
        everyBoundary(
                "settle",
                "policy: a hold with a row",
                6,
                "nobody settles again; the run's usage event",
                "one charge, one event",
                () -> new Story() {
                    final ConsumerRecord<String, byte[]> used = EventDelivery.message(
                            UUID.randomUUID(), "agent.usage.events", "agent.usage-recorded.v1", tenant, """
                            {"operation_id":"%s","agent":"concierge","channel":"web","quantities":{"message":3},"estimated":false}
                            """.formatted(
                                            operation));

                    {
                        subscribed(GRANTED);
                        token(survivor.decide(tenant, operation));
                    }

                    @Override
                    public void live() {
                        dying.settle(tenant, operation, 3, null);
                    }

                    @Override
                    void again() {
                        delivery(database.database()).deliver(InboundParts.agentUsage(survivor.holds), used);
                    }
                });
    }

    @Test
    void aSettlementByTheUsageEvent() throws Exception {
        everyBoundary(
                "settle",
                "policy: by the run's usage event",
                11,
                "the event comes again",
                "one charge, one event",
                () -> new Story() {
                    final ConsumerRecord<String, byte[]> used = EventDelivery.message(
                            UUID.randomUUID(), "agent.usage.events", "agent.usage-recorded.v1", tenant, """
                            {"operation_id":"%s","agent":"concierge","channel":"web","quantities":{"message":3},"estimated":false}
                            """.formatted(
                                            operation));

                    {
                        subscribed(GRANTED);
                        token(survivor.decide(tenant, operation));
                    }

                    @Override
                    public void live() {
                        toDying.deliver(InboundParts.agentUsage(dying.holds), used);
                    }

                    @Override
                    void again() {
                        delivery(database.database()).deliver(InboundParts.agentUsage(survivor.holds), used);
                    }
                });
    }

    @Test
    void aRelease() throws Exception {
        everyBoundary(
                "release",
                "policy: a hold with a row",
                3,
                "the caller releases again",
                "the hold is over",
                () -> new Story() {
                    {
                        subscribed(GRANTED);
                        token(survivor.decide(tenant, operation));
                    }

                    @Override
                    public void live() {
                        dying.release(tenant, operation, null);
                    }

                    @Override
                    void again() {
                        survivor.release(tenant, operation, null);
                    }
                });
    }

    @Test
    void aReleaseOfWhatWasHeldInMemory() throws Exception {
        everyBoundary(
                "release",
                "policy: a hold in a lease",
                3,
                "the caller releases at another replica, with its token",
                "the hold is over",
                () -> new Story() {
                    String token;

                    {
                        subscribed(GRANTED);
                    }

                    @Override
                    void atDying() {

                        token = heldInMemory();
                    }

                    @Override
                    public void live() {
                        dying.release(tenant, operation, token);
                    }

                    @Override
                    void again() {
                        survivor.release(tenant, operation, token);
                    }

                    @Override
                    void goOn() {
                        leasesRunOut();
                    }
                });
    }

    @Test
    void aHoldThatRunsOut() throws Exception {
        everyBoundary(
                "release",
                "policy: the sweeper ends a hold that ran out",
                6,
                "the sweeper",
                "the hold is over, told once",
                () -> new Story() {
                    {
                        subscribed(GRANTED);
                        token(survivor.decide(tenant, operation));
                        database.sql(
                                "update hold set expires_at = now() - interval '1 second' where tenant_id = ?",
                                tenant.value());
                    }

                    @Override
                    public void live() {
                        HoldParts.expire(dying.holds, tenant);
                    }

                    @Override
                    void again() {
                        HoldParts.expire(survivor.holds, tenant);
                    }
                });
    }

    @Test
    void aReplicaThatStops() throws Exception {
        everyBoundary(
                "release",
                "policy: a replica that stops gives its lease back and makes rows of its holds",
                7,
                "leases run out; the caller settles elsewhere",
                "charged once",
                () -> new Story() {
                    String token;

                    {
                        subscribed(GRANTED);
                    }

                    @Override
                    void atDying() {

                        token = heldInMemory();
                    }

                    @Override
                    public void live() {
                        HoldParts.handOver(dying.holds);
                    }

                    @Override
                    void again() {
                        leasesRunOut();
                    }

                    @Override
                    void goOn() {
                        assertThat(survivor.settle(tenant, operation, 1, token).credits())
                                .isEqualTo(1);
                        leasesRunOut();
                    }

                    @Override
                    String end() {
                        return figures(tenant);
                    }
                });
    }

    @Test
    void aChangeOfPlan() throws Exception {
        everyBoundary(
                "plan change",
                "policy: the old lot ends, the new one and the new terms arrive, while a hold is open",
                15,
                "the same events come again",
                "one lot each; the hold is paid from the new lot",
                () -> new Story() {
                    final UUID old = subscribed(10);
                    final ConsumerRecord<String, byte[]> closed =
                            event("credits-closed", "{\"lot_id\":\"" + old + "\",\"reason\":\"plan-changed\"}");
                    final ConsumerRecord<String, byte[]> lot = granted(UUID.randomUUID(), "plan", GRANTED);
                    final ConsumerRecord<String, byte[]> terms = changed(2, "large");

                    {
                        token(survivor.decide(tenant, operation));
                    }

                    @Override
                    public void live() {
                        toDying(closed, lot, terms);
                    }

                    @Override
                    void again() {
                        toSurvivor(closed, lot, terms);
                    }

                    @Override
                    void goOn() {
                        assertThat(survivor.settle(tenant, operation, 4, null).credits())
                                .isEqualTo(4);
                    }
                });
    }

    @Test
    void anAdjustment() throws Exception {
        everyBoundary(
                "adjustment",
                "policy: a lot arrives, then more is taken back than is free, while a hold is open",
                20,
                "the same events come again",
                "granted once, taken once, never what is held",
                () -> new Story() {
                    final ConsumerRecord<String, byte[]> lot = granted(UUID.randomUUID(), "adjustment", 50);
                    final ConsumerRecord<String, byte[]> withdrawn = event(
                            "credits-withdrawn",
                            "{\"withdrawal_id\":\"" + UUID.randomUUID()
                                    + "\",\"credits\":1000,\"reason\":\"mistake\"}");

                    {
                        subscribed(GRANTED);
                        token(survivor.decide(tenant, operation));
                    }

                    @Override
                    public void live() {
                        toDying(lot);
                        toDying(withdrawn);
                    }

                    @Override
                    void again() {
                        toSurvivor(lot);
                        toSurvivor(withdrawn);
                    }

                    @Override
                    void goOn() {
                        assertThat(database.sql(
                                        "select credits from credit_withdrawal where tenant_id = ?", tenant.value()))
                                .isEqualTo(GRANTED + 50 - 1);
                    }
                });
    }
}
