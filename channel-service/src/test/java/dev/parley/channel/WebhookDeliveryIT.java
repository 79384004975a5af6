package dev.parley.channel;

import static dev.parley.channel.Channel.admin;
import static dev.parley.channel.Channel.await;
import static dev.parley.channel.Channel.conversation;
import static dev.parley.channel.Channel.count;
import static dev.parley.channel.Channel.execute;
import static dev.parley.channel.Channel.member;
import static dev.parley.channel.Channel.newTenant;
import static dev.parley.channel.Channel.send;
import static dev.parley.channel.Channel.text;
import static dev.parley.channel.Webhooks.deliveries;
import static dev.parley.channel.Webhooks.delivery;
import static dev.parley.channel.Webhooks.messages;
import static dev.parley.channel.Webhooks.path;
import static dev.parley.channel.Webhooks.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.standardwebhooks.Webhook;
import dev.parley.channel.Webhooks.Answer;
import dev.parley.channel.Webhooks.Received;
import dev.parley.channel.webhookdelivery.Deaths;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What endpoints are told: real events over the real broker to a real server, judged by the official libraries. */
@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class WebhookDeliveryIT {
    @TestHTTPResource
    URI server;

    private final TenantId tenant = newTenant();
    private Webhooks partner;

    @BeforeEach
    void open() {
        partner = Webhooks.listening();
    }

    @AfterEach
    void close() {
        partner.close();
        execute("update app.webhook_queue set active = false where tenant_id = '" + tenant + "'");
    }

    @Test
    void whatHappensIsToldOnceAndBothLibrariesVerifyIt() throws Exception {
        JsonPath endpoint = partner.endpoint(tenant, "events", List.of("message.sent"));
        String id = endpoint.getString("id");
        String conversation = conversation(tenant, "concierge");

        send(tenant, conversation, "hello").statusCode(201);

        await(() -> partner.received.size() == 1);
        Received told = partner.received.getFirst();
        String secret = endpoint.getString("secret");
        assertThatCode(() -> new Webhook(secret).verify(told.body(), told.headers()))
                .doesNotThrowAnyException();
        assertThatCode(() -> new com.svix.Webhook(secret).verify(told.body(), told.headers()))
                .doesNotThrowAnyException();
        JsonNode body = Fakes.JSON.readTree(told.body());
        assertThat(body.path("type").asText()).isEqualTo("message.sent");
        assertThat(body.path("data").path("conversation_id").asText()).isEqualTo(conversation);
        assertThat(told.body()).doesNotContain("hello");
        assertThat(told.headers().firstValue("content-type")).contains("application/json");
        await(() -> state(tenant, id, told.id()).equals("delivered"));
        JsonPath delivery = delivery(tenant, id, told.id());
        assertThat(delivery.getString("payload")).isEqualTo(told.body());
        assertThat(delivery.getInt("attempts[0].status")).isEqualTo(200);
        assertThat(delivery.getString("attempts[0].answer")).isEqualTo("answer 200");
        assertThat(delivery.getInt("attempts[0].duration_ms")).isBetween(0, 6_000);
    }

    @Test
    void whoOptsOutOrInIsToldWithoutAName() throws Exception {
        partner.endpoint(tenant, "events", List.of("contact.opted_out", "contact.opted_in"));
        String contact = admin(tenant)
                .body(Map.of("display_name", "Grace"))
                .post("/api/v1/contacts")
                .then()
                .statusCode(201)
                .extract()
                .path("id");

        Map<String, Object> out = Map.of("opted_out", true);
        for (Map<String, ?> change :
                List.of(out, out, Map.of("opted_out", false, "consent", true, "consent_source", "by telephone"))) {
            admin(tenant)
                    .body(change)
                    .patch("/api/v1/contacts/" + contact)
                    .then()
                    .statusCode(200);
        }

        await(() -> partner.received.size() == 2);
        List<String> types = new ArrayList<>();
        for (Received each : partner.received) {
            JsonNode body = Fakes.JSON.readTree(each.body());
            types.add(body.path("type").asText());
            assertThat(body.path("data").path("contact_id").asText()).isEqualTo(contact);
            assertThat(body.path("data").path("by").asText()).isEqualTo("staff");
            assertThat(each.body()).doesNotContain("Grace");
        }
        assertThat(types).containsExactlyInAnyOrder("contact.opted_out", "contact.opted_in");
    }

    @Test
    void whatAgentServiceFindsOutIsTold() {
        String id = partner.endpoint(tenant, "events", List.of("prompt.guard_broken"))
                .getString("id");

        String event = Webhooks.publish(tenant, "agent.run.events", "agent.prompt-guard-broken.v1", """
                {"agent_id":"a","agent":"support","metric":"failure_rate","back_to":1}""");

        await(() -> deliveries(tenant, id, "delivered").equals(List.of(event)));
        assertThat(partner.received.getFirst().body()).contains("\"type\":\"prompt.guard_broken\"", "failure_rate");
    }

    @Test
    void whatWaitsForAnApprovalIsTold() {
        String id = partner.endpoint(tenant, "events", List.of("approval.requested"))
                .getString("id");

        String event = Webhooks.publish(tenant, "agent.run.events", "agent.tool-approval-requested.v1", """
                {"approval_id":"a","conversation_id":"c","agent":"support","tool":"refund","arguments":{"amount":5}}""");

        await(() -> deliveries(tenant, id, "delivered").equals(List.of(event)));
        assertThat(partner.received.getFirst().body())
                .contains("\"type\":\"approval.requested\"", "refund")
                .doesNotContain("amount");
    }

    @Test
    void eachEndpointIsToldWhatItAskedForAndNoOtherTenantIsToldAnything() {
        TenantId other = newTenant();
        String all = partner.endpoint(tenant).getString("id");
        String credits =
                partner.endpoint(tenant, "events", List.of("credits.exhausted")).getString("id");
        String others = partner.endpoint(other).getString("id");

        List<String> ids = messages(tenant, 3);

        await(() -> deliveries(tenant, all, "delivered").size() == 3);
        assertThat(deliveries(tenant, all, "delivered")).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(partner.received).extracting(Received::id).containsExactlyInAnyOrderElementsOf(ids);
        for (String state : List.of("pending", "delivered", "failed", "skipped")) {
            assertThat(deliveries(tenant, credits, state)).isEmpty();
            assertThat(deliveries(other, others, state)).isEmpty();
        }
    }

    @Test
    void whatIsNotTakenIsTriedAgainUnderTheSameIdAndEveryAttemptIsKept() {
        AtomicInteger calls = new AtomicInteger();
        partner.answering(call -> new Answer(calls.incrementAndGet() < 3 ? 500 : 204, Map.of()));
        String id = partner.endpoint(tenant).getString("id");

        String delivery = Webhooks.test(tenant, id);

        await(() -> state(tenant, id, delivery).equals("delivered"));
        assertThat(partner.received)
                .extracting(Received::id)
                .containsOnly(delivery)
                .hasSize(3);
        JsonPath log = delivery(tenant, id, delivery);
        assertThat(log.getList("attempts.status")).isEqualTo(List.of(500, 500, 204));
        assertThat(log.getList("attempts.error"))
                .isEqualTo(java.util.Arrays.asList("answered 500", "answered 500", null));
        assertThat(gap(0)).isBetween(Duration.ofMillis(200), Duration.ofSeconds(20));
        assertThat(gap(1)).isBetween(Duration.ofMillis(300), Duration.ofSeconds(20));
    }

    @Test
    void anEndpointThatAsksForTimeIsLeftAloneAltogether() {
        AtomicInteger calls = new AtomicInteger();
        partner.answering(call ->
                calls.incrementAndGet() == 1 ? new Answer(429, Map.of("Retry-After", "2")) : new Answer(200, Map.of()));
        String id = partner.endpoint(tenant).getString("id");
        String first = Webhooks.test(tenant, id);
        await(() -> delivery(tenant, id, first).getInt("tries") == 1);

        String second = messages(tenant, 1).getFirst();

        await(() -> deliveries(tenant, id, "delivered").size() == 2
                && state(tenant, id, second).equals("delivered"));
        assertThat(gap(0)).isBetween(Duration.ofMillis(1_900), Duration.ofSeconds(20));
        assertThat(partner.received).hasSize(3);
    }

    @Test
    void goneDisablesAtOnceAndTheTenantIsTold() throws Exception {
        Listener socket = new Listener();
        HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Authorization", "Bearer " + TestTokens.member(tenant, "member"))
                .buildAsync(URI.create("ws://" + server.getAuthority() + "/api/v1/stream"), socket)
                .join();
        await(() -> !socket.texts.isEmpty());
        String id = partner.answering(410).endpoint(tenant).getString("id");

        String delivery = Webhooks.test(tenant, id);

        await(() -> status(id).equals("disabled"));
        assertThat(member(tenant).get(path(id)).path("disabled_reason").toString())
                .isEqualTo("the endpoint answered 410 Gone");
        assertThat(state(tenant, id, delivery)).isEqualTo("failed");
        await(() -> socket.texts.stream().anyMatch(text -> text.contains("channel.webhook-endpoint-disabled.v1")));
        assertThat(socket.texts).anySatisfy(text -> assertThat(text).contains(id, "410"));
        messages(tenant, 1);
        await(() -> deliveries(tenant, id, "skipped").size() == 1);
        assertThat(partner.received).hasSize(1);
    }

    @Test
    void goneEndsTheBacklogTooWhichGoesOutWhenTheEndpointIsBack() {
        String queued = "select count(*) from app.webhook_delivery where tenant_id = '" + tenant + "'";
        AtomicInteger gone = new AtomicInteger();
        partner.answering(call -> {
            if (count(queued) < 20) {
                return new Answer(503, Map.of("Retry-After", "1"));
            }
            gone.incrementAndGet();
            return new Answer(410, Map.of());
        });
        String id = partner.endpoint(tenant, "concurrency", 1).getString("id");

        messages(tenant, 20);
        await(() -> status(id).equals("disabled"));

        assertThat(gone).hasValue(1);
        assertThat(deliveries(tenant, id, "failed")).hasSize(1);
        assertThat(deliveries(tenant, id, "pending")).hasSize(19);
        partner.answering(200);
        admin(tenant).body(Map.of("status", "active")).patch(path(id)).then().statusCode(200);
        await(() -> deliveries(tenant, id, "delivered").size() == 19);
    }

    @Test
    void aTestAndAReplayAreSentThoughTheEndpointAskedForAnHour() {
        AtomicInteger calls = new AtomicInteger();
        partner.answering(call -> calls.incrementAndGet() == 1
                ? new Answer(503, Map.of("Retry-After", "3600"))
                : new Answer(200, Map.of()));
        String id = partner.endpoint(tenant).getString("id");
        String first = Webhooks.test(tenant, id);
        await(() -> delivery(tenant, id, first).getInt("tries") == 1);

        String second = Webhooks.test(tenant, id);
        await(() -> state(tenant, id, second).equals("delivered"));
        assertThat(state(tenant, id, first)).isEqualTo("pending");
        admin(tenant).post(path(id) + "/deliveries/" + first + "/replay").then().statusCode(202);

        await(() -> state(tenant, id, first).equals("delivered"));
    }

    @Test
    void anotherAddressBeginsAnew() {
        String id = partner.answering(call -> new Answer(503, Map.of("Retry-After", "3600")))
                .endpoint(tenant)
                .getString("id");
        String delivery = Webhooks.test(tenant, id);
        await(() -> delivery(tenant, id, delivery).getInt("tries") == 1);
        execute("update app.webhook_queue set not_before = now() + interval '1 hour', failures = 9, exhausted = 1,"
                + " failing_since = now() - interval '4 days' where endpoint_id = '" + id + "'");
        execute("update app.webhook_delivery set due_at = now() where endpoint_id = '" + id + "'");

        try (Webhooks moved = Webhooks.listening()) {
            admin(tenant)
                    .body(Map.of("url", moved.url()))
                    .patch(path(id))
                    .then()
                    .statusCode(200)
                    .body("failing_since", nullValue());

            await(() -> moved.received.size() == 1);
            await(() -> state(tenant, id, delivery).equals("delivered"));
        }
    }

    @Test
    void aDeadEndpointCostsAnAttemptNowAndThenHoweverMuchWaits() {
        AtomicBoolean dead = new AtomicBoolean(true);
        partner.answering(call -> new Answer(dead.get() ? 500 : 200, Map.of()));
        String id = partner.endpoint(tenant, "concurrency", 4).getString("id");

        messages(tenant, 100);
        String failures = "select failures from app.webhook_queue where endpoint_id = '" + id + "'";
        await(() -> count(failures) >= 6);

        int attempts = partner.received.size();
        assertThat(attempts).as("four at a time, then one each time").isBetween(6, (int) count(failures) + 5);
        dead.set(false);
        await(() -> deliveries(tenant, id, "delivered").size() == 100);
    }

    @Test
    void whoNeedsAPlaceGetsItThoughMoreAreSlowThanThereArePlaces() {
        try (Webhooks slow = Webhooks.listening()) {
            slow.answering(call -> {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(700));
                return new Answer(200, Map.of());
            });
            for (int i = 0; i < 12; i++) {
                slow.endpoint(tenant, "concurrency", 1);
            }
            messages(tenant, 10); // seven seconds of work for each
            await(() -> count("select count(*) from app.webhook_delivery where state = 'pending' and tenant_id = '"
                            + tenant + "'")
                    >= 12);
            TenantId other = newTenant();
            String good = partner.endpoint(other).getString("id");

            String delivery = Webhooks.test(other, good);

            await(() -> state(other, good, delivery).equals("delivered"));
            assertThat(slow.received.size())
                    .as("the slow ones have a good part of their work before them")
                    .isLessThan(72);
        }
    }

    @Test
    void deliveriesToTheEndOfTheScheduleDisableAndEverythingCanBeReplayed() {
        String id = partner.answering(500).endpoint(tenant).getString("id");
        Instant before = Instant.now().minusSeconds(1);
        List<String> ids = new ArrayList<>(messages(tenant, 2));

        await(() -> status(id).equals("disabled"));
        await(() -> deliveries(tenant, id, "failed").size() == 2);
        assertThat(partner.received).hasSize(8);
        ids.addAll(messages(tenant, 1));
        await(() -> deliveries(tenant, id, "skipped").size() == 1);
        partner.answering(200);
        admin(tenant).body(Map.of("status", "active")).patch(path(id)).then().statusCode(200);

        admin(tenant)
                .body(Map.of("from", before.toString()))
                .post(path(id) + "/replay")
                .then()
                .statusCode(202)
                .body("replayed", equalTo(3));

        await(() -> deliveries(tenant, id, "delivered").size() == 3);
        assertThat(partner.received.subList(8, 11)).extracting(Received::id).containsExactlyInAnyOrderElementsOf(ids);
        JsonPath log = delivery(tenant, id, ids.getFirst());
        assertThat(log.getList("attempts.status")).isEqualTo(List.of(500, 500, 500, 500, 200));
        admin(tenant)
                .post(path(id) + "/deliveries/" + ids.getFirst() + "/replay")
                .then()
                .statusCode(202);
        await(() -> partner.received.size() == 12);
        assertThat(partner.received.getLast().id()).isEqualTo(ids.getFirst());
    }

    @Test
    void anEndpointThatTookNothingForFiveDaysIsDisabled() {
        String id = partner.answering(500).endpoint(tenant).getString("id");
        execute("update app.webhook_queue set failing_since = now() - interval '5 days' where endpoint_id = '" + id
                + "'");

        Webhooks.test(tenant, id);

        await(() -> status(id).equals("disabled"));
        assertThat(member(tenant).get(path(id)).path("disabled_reason").toString())
                .isEqualTo("it has taken nothing for 5 days");
    }

    @Test
    void firstInFirstOutKeepsTheOrderThoughTheFirstIsRefused() {
        List<String> taken = new CopyOnWriteArrayList<>();
        Map<String, Integer> calls = new ConcurrentHashMap<>();
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger mostAtOnce = new AtomicInteger();
        partner.answering(call -> {
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            atOnce.decrementAndGet();
            int count = calls.merge(call.id(), 1, Integer::sum);
            boolean refused = count < 3 && (calls.size() == 1 || calls.size() == 7);
            if (!refused) {
                taken.add(call.id());
            }
            return new Answer(refused ? 500 : 200, Map.of());
        });
        String id = partner.endpoint(tenant, "fifo", true).getString("id");

        List<String> ids = messages(tenant, 20);

        await(() -> deliveries(tenant, id, "delivered").size() == 20);
        assertThat(taken).isEqualTo(ids);
        assertThat(mostAtOnce).hasValue(1);
        assertThat(partner.received).hasSize(24);
    }

    @Test
    void anEndpointHasAsManyAttemptsAtATimeAsItMayHave() {
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger mostAtOnce = new AtomicInteger();
        partner.answering(call -> {
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            atOnce.decrementAndGet();
            return new Answer(200, Map.of());
        });
        String id = partner.endpoint(tenant, "concurrency", 3).getString("id");

        messages(tenant, 15);

        await(() -> deliveries(tenant, id, "delivered").size() == 15);
        assertThat(mostAtOnce).hasValue(3);
    }

    @Test
    void whatADeadReplicaSentAndDidNotWriteIsSentAgainUnderTheSameId() {
        AtomicInteger calls = new AtomicInteger();
        partner.answering(call -> {
            if (calls.incrementAndGet() == 1) {
                // The sender is dead for all that others can see: its lease is over and the fence has moved on.
                execute("update app.webhook_queue set fence = fence + 1, lease_until = now() where tenant_id = '"
                        + tenant + "'");
            }
            return new Answer(200, Map.of());
        });
        String id = partner.endpoint(tenant).getString("id");

        String delivery = Webhooks.test(tenant, id);

        await(() -> state(tenant, id, delivery).equals("delivered"));
        assertThat(partner.received).extracting(Received::id).containsExactly(delivery, delivery);
        assertThat(delivery(tenant, id, delivery).getList("attempts")).hasSize(1);
    }

    @Test
    void whereNothingWaitsAnEventIsSentBeforeItIsStoredOnce() {
        // What took longer than 250 ms was stored before, as it should be: then once more, of another tenant.
        assertThat(Stream.generate(() -> isToldAtOnce(newTenant())).limit(5).anyMatch(told -> told))
                .isTrue();
    }

    private boolean isToldAtOnce(TenantId of) {
        List<Long> stored = new CopyOnWriteArrayList<>();
        partner.answering(call -> {
            stored.add(count("select count(*) from app.webhook_delivery where tenant_id = '" + of + "'"));
            return new Answer(200, Map.of());
        });
        String id = partner.endpoint(of).getString("id");
        String event = messages(of, 1).getFirst();
        await(() -> deliveries(of, id, "delivered").equals(List.of(event)));
        assertThat(delivery(of, id, event).getList("attempts.status")).isEqualTo(List.of(200));
        // given back, with nothing due
        await(() -> count("select count(*) from app.webhook_queue where lease_until = '-infinity'"
                        + " and due_at = 'infinity' and endpoint_id = '" + id + "'")
                == 1);
        return stored.equals(List.of(0L));
    }

    @Test
    void whatADeadReplicaSentAtOnceAndDidNotStoreIsSentAgainUnderTheSameId() {
        AtomicInteger calls = new AtomicInteger();
        partner.answering(call -> {
            if (calls.incrementAndGet() == 1) {
                execute("update app.webhook_queue set fence = fence + 1, lease_until = now() where tenant_id = '"
                        + tenant + "'");
            }
            return new Answer(200, Map.of());
        });
        String id = partner.endpoint(tenant).getString("id");

        String event = messages(tenant, 1).getFirst();

        await(() -> deliveries(tenant, id, "delivered").equals(List.of(event)));
        assertThat(partner.received).extracting(Received::id).containsExactly(event, event);
        assertThat(delivery(tenant, id, event).getList("attempts")).hasSize(1);
    }

    @Test
    void whoDiesBetweenSendingAndStoringIsFollowedBySomebodyWhoSendsAgain() {
        Deaths.beforeStoring();
        AtomicReference<Instant> lease = new AtomicReference<>();
        partner.answering(call -> {
            lease.compareAndSet(
                    null,
                    Instant.parse(
                            text("select to_char(lease_until at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
                                    + " from app.webhook_queue where tenant_id = '" + tenant + "'")));
            return new Answer(200, Map.of());
        });
        String id = partner.endpoint(tenant).getString("id");

        String event = messages(tenant, 1).getFirst();

        await(() -> deliveries(tenant, id, "delivered").equals(List.of(event)));
        assertThat(partner.received).extracting(Received::id).containsExactly(event, event);
        assertThat(partner.received.get(1).at()).as("the dead one's lease").isAfterOrEqualTo(lease.get());
        String after = messages(tenant, 1).getFirst();
        await(() -> deliveries(tenant, id, "delivered").contains(after));
        assertThat(partner.received).hasSize(3);
    }

    @Test
    void whoDiesWhileAnAnswerIsUnderWayIsFollowedBySomebodyWhoSendsAgain() {
        Deaths.beforeWaiting();
        AtomicInteger calls = new AtomicInteger();
        partner.answering(call -> {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(calls.incrementAndGet() == 1 ? 600 : 0));
            return new Answer(200, Map.of());
        });
        String id = partner.endpoint(tenant).getString("id");

        String event = messages(tenant, 1).getFirst();
        await(() -> deliveries(tenant, id, "pending").equals(List.of(event)));
        execute("update app.webhook_queue set lease_until = now() where endpoint_id = '" + id + "'");

        await(() -> deliveries(tenant, id, "delivered").equals(List.of(event)));
        assertThat(partner.received).extracting(Received::id).containsExactly(event, event);
    }

    @Test
    void whoDiesBeforeWakingAQueueIsFollowedBySomebodyWhoSends() {
        String id = partner.endpoint(tenant).getString("id");
        execute("update app.webhook_queue set lease_until = now() + interval '1 hour' where endpoint_id = '" + id
                + "'");
        Deaths.beforeWaking(() ->
                execute("update app.webhook_queue set lease_until = '-infinity' where endpoint_id = '" + id + "'"));

        String event = messages(tenant, 1).getFirst();

        await(() -> deliveries(tenant, id, "delivered").equals(List.of(event)));
        assertThat(partner.received).extracting(Received::id).containsExactly(event);
    }

    @Test
    void goneEndsWhatIsSentAtOnceToo() {
        String id = partner.answering(410).endpoint(tenant, "concurrency", 1).getString("id");

        messages(tenant, 10);
        await(() -> status(id).equals("disabled"));

        await(() -> deliveries(tenant, id, "pending").size()
                        + deliveries(tenant, id, "skipped").size()
                == 9);
        assertThat(partner.received).hasSize(1);
        assertThat(deliveries(tenant, id, "failed")).hasSize(1);
        // given back
        await(() -> count("select count(*) from app.webhook_queue where lease_until = '-infinity' and endpoint_id = '"
                        + id + "'")
                == 1);
    }

    @Test
    void anAnswerThatTakesLongIsWaitedForInTheQueue() {
        CountDownLatch gate = new CountDownLatch(1);
        partner.answering(call -> {
            try {
                gate.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
            return new Answer(200, Map.of());
        });
        String slow = partner.endpoint(tenant).getString("id");
        try (Webhooks quick = Webhooks.listening()) {
            String good = quick.endpoint(tenant).getString("id");

            List<String> events = messages(tenant, 3);

            await(() -> deliveries(tenant, good, "delivered").size() == 3);
            await(() -> deliveries(tenant, slow, "pending").size() == 3);
            assertThat(deliveries(tenant, slow, "delivered")).isEmpty();
            gate.countDown();
            await(() -> deliveries(tenant, slow, "delivered").size() == 3);
            assertThat(quick.received).hasSize(3);
            assertThat(partner.received).extracting(Received::id).containsExactlyInAnyOrderElementsOf(events);
            assertThat(delivery(tenant, slow, events.getFirst()).getInt("attempts[0].duration_ms"))
                    .as("longer than the 250 ms for which it is waited for at once")
                    .isGreaterThanOrEqualTo(250);
        }
    }

    @Test
    void whatADeadReplicaHasLeasedWaitsForTheEndOfTheLease() {
        String id = partner.endpoint(tenant).getString("id");
        Instant leased = Instant.now();
        execute("update app.webhook_queue set fence = fence + 1, lease_until = now() + interval '1 second'"
                + " where tenant_id = '" + tenant + "'");

        String delivery = Webhooks.test(tenant, id);

        await(() -> state(tenant, id, delivery).equals("delivered"));
        assertThat(partner.received.getFirst().at()).isAfterOrEqualTo(leased.plusSeconds(1));
    }

    @Test
    void endpointsThatHangSlowNobodyElseDown() {
        Set<String> hanging = ConcurrentHashMap.newKeySet();
        try (Webhooks dead = Webhooks.listening()) {
            dead.answering(call -> {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(20));
                return new Answer(200, Map.of());
            });
            for (int i = 0; i < 5; i++) {
                hanging.add(dead.endpoint(tenant).getString("id"));
            }
            List<String> good = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                good.add(partner.endpoint(tenant).getString("id"));
            }
            messages(tenant, 10); // the dead ones have attempts under way before the next come

            Instant start = Instant.now();
            List<String> ids = messages(tenant, 20);
            await(() -> partner.received.stream()
                            .filter(call -> ids.contains(call.id()))
                            .count()
                    == 400);

            Instant last = partner.received.stream()
                    .map(Received::at)
                    .max(Instant::compareTo)
                    .orElseThrow();
            assertThat(Duration.between(start, last))
                    .as("nobody waits for the dead ones' six seconds")
                    .isLessThan(Duration.ofSeconds(5));
            assertThat(count("select count(*) from app.webhook_delivery where state = 'delivered' and tenant_id = '"
                            + tenant + "' and endpoint_id in ('" + String.join("','", hanging) + "')"))
                    .isZero();
        }
    }

    @Test
    void anEventThatComesTwiceIsToldOnce() {
        String id = partner.endpoint(tenant).getString("id");
        List<String> ids = messages(tenant, 1);
        await(() -> partner.received.size() == 1);

        Webhooks.publish(tenant, ids);
        String after = messages(tenant, 1).getFirst();

        await(() -> deliveries(tenant, id, "delivered").contains(after));
        assertThat(partner.received).extracting(Received::id).containsExactly(ids.getFirst(), after);
    }

    private String status(String endpoint) {
        return member(tenant).get(path(endpoint)).path("status");
    }

    private Duration gap(int index) {
        return Duration.between(
                partner.received.get(index).at(),
                partner.received.get(index + 1).at());
    }

    private static final class Listener implements WebSocket.Listener {
        private final List<String> texts = new CopyOnWriteArrayList<>();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            texts.add(text.toString());
            return WebSocket.Listener.super.onText(socket, text, last);
        }
    }
}
