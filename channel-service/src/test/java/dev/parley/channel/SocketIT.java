package dev.parley.channel;

import static dev.parley.channel.Channel.await;
import static dev.parley.channel.Channel.conversation;
import static dev.parley.channel.Channel.count;
import static dev.parley.channel.Channel.execute;
import static dev.parley.channel.Channel.newTenant;
import static dev.parley.channel.Channel.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.KafkaBroker;
import dev.parley.testing.SealedEvents;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class SocketIT {
    @TestHTTPResource
    URI server;

    @Test
    void aSocketHearsItsOwnTenantAndNoOther() throws Exception {
        TenantId a = newTenant();
        TenantId b = newTenant();
        Listener ofA = new Listener();
        Listener ofB = new Listener();
        connect(ofA, TestTokens.member(a, "member"));
        connect(ofB, TestTokens.member(b, "member"));
        String conversation = conversation(a, "concierge");

        String operation =
                send(a, conversation, "hello").statusCode(201).extract().path("operation_id");

        await(() -> ofA.texts.size() == 1);
        JsonNode event = Fakes.JSON.readTree(ofA.texts.getFirst());
        assertThat(event.path("type").asText()).isEqualTo("channel.message-sent.v1");
        assertThat(Instant.parse(event.path("at").asText()))
                .isBefore(Instant.now().plusSeconds(1));
        assertThat(event.path("data").path("conversation_id").asText()).isEqualTo(conversation);
        assertThat(event.path("data").path("operation_id").asText()).isEqualTo(operation);
        assertThat(event.path("data").has("text")).isFalse();
        send(b, conversation(b, "concierge"), "mine").statusCode(201);
        await(() -> ofB.texts.size() == 1);
        assertThat(ofA.texts).hasSize(1);
        assertThat(ofB.texts.getFirst()).doesNotContain(conversation);
    }

    @Test
    void aSettlementTellsTheBalance() throws Exception {
        TenantId tenant = newTenant();
        Listener listener = new Listener();
        connect(listener, TestTokens.member(tenant, "member"));
        UUID operation = UUID.randomUUID();

        publish(
                "policy.usage.events",
                "policy.usage-settled.v1",
                tenant,
                tenant.toString(),
                tenant.toString(),
                """
                {"operation_id":"%s","agent":"concierge","channel":"web","settled_at":"2026-11-20T10:00:00Z","credits":3,
                 "granted":1000,"remaining":940,"held":5,"lines":[]}
                """.formatted(operation));

        await(() -> listener.texts.size() == 2);
        assertThat(Fakes.JSON.readTree(listener.texts.getFirst()).path("type").asText())
                .isEqualTo("policy.usage-settled.v1");
        JsonNode balance = Fakes.JSON.readTree(listener.texts.get(1));
        assertThat(balance.path("type").asText()).isEqualTo("credits.changed");
        assertThat(balance.path("data").toString())
                .isEqualTo("{\"operation_id\":\"%s\",\"credits\":3,\"granted\":1000,\"remaining\":940,\"held\":5}"
                        .formatted(operation));
    }

    @Test
    void whoWasAwayHearsExactlyWhatHappenedMeanwhile() throws Exception {
        TenantId tenant = newTenant();
        TenantId neighbour = newTenant();
        String conversation = conversation(tenant, "concierge");
        Listener before = new Listener();
        WebSocket socket = connect(before, TestTokens.member(tenant, "member"));
        String first =
                send(tenant, conversation, "before").statusCode(201).extract().path("operation_id");
        await(() -> before.texts.size() == 1);
        String cursor =
                Fakes.JSON.readTree(before.texts.getFirst()).path("cursor").asText();
        socket.abort();

        List<String> meanwhile = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            meanwhile.add(send(tenant, conversation, "m" + i)
                    .statusCode(201)
                    .extract()
                    .path("operation_id"));
            send(neighbour, conversation(neighbour, "concierge"), "not yours").statusCode(201);
        }
        await(() -> count("select count(*) from app.outbox_event where tenant_id = '" + tenant + "'") == 0);
        Listener after = new Listener();
        connect(after, TestTokens.member(tenant, "member"), "?after=" + cursor);
        await(() -> after.texts.size() >= 3);
        String live =
                send(tenant, conversation, "live").statusCode(201).extract().path("operation_id");
        await(() -> after.texts.size() >= 4);

        meanwhile.add(live);
        assertThat(operations(after)).isEqualTo(meanwhile).doesNotContain(first);
        Listener again = new Listener();
        connect(again, TestTokens.member(tenant, "member"), "?after=" + cursor);
        await(() -> again.texts.size() >= 4);
        assertThat(operations(again)).as("the same place, the same events").isEqualTo(meanwhile);
    }

    @Test
    void whoWasCutOffBeforeAnythingHappenedMissesNothing() throws Exception {
        TenantId tenant = newTenant();
        Listener before = new Listener();
        WebSocket socket = connect(before, TestTokens.member(tenant, "member"));
        socket.abort();
        String missed = send(tenant, conversation(tenant, "concierge"), "hello")
                .statusCode(201)
                .extract()
                .path("operation_id");

        Listener after = new Listener();
        connect(after, TestTokens.member(tenant, "member"), "?after=" + before.places.getFirst());

        await(() -> after.texts.size() == 1);
        assertThat(operations(after)).containsExactly(missed);
        assertThat(after.places).isEqualTo(before.places);
    }

    @Test
    void whoWasAwayForTooLongIsToldToBeginAnew() throws Exception {
        TenantId tenant = newTenant();
        Listener before = new Listener();
        WebSocket socket = connect(before, TestTokens.member(tenant, "member"));
        String conversation = conversation(tenant, "concierge");
        send(tenant, conversation, "heard").statusCode(201);
        await(() -> before.texts.size() == 1);
        String last =
                Fakes.JSON.readTree(before.texts.getFirst()).path("cursor").asText();
        socket.abort();
        forget(tenant);

        Listener quiet = new Listener();
        connect(quiet, TestTokens.member(tenant, "member"), "?after=" + last);
        await(() -> quiet.places.size() == 1);
        assertThat(quiet.places).as("nothing was missed, however long it took").containsExactly(last);
        send(tenant, conversation, "missed").statusCode(201);
        await(() -> quiet.texts.size() == 1);
        forget(tenant);
        for (String place : List.of(last, before.places.getFirst(), "x", "9".repeat(18) + ".0")) {
            Listener anew = new Listener();
            connect(anew, TestTokens.member(tenant, "member"), "?after=" + place);
            await(() -> anew.texts.size() == 1);
            assertThat(Fakes.JSON.readTree(anew.texts.getFirst()).path("type").asText())
                    .as(place)
                    .isEqualTo("stream.reset");
            send(tenant, conversation, "hello").statusCode(201);
            await(() -> anew.texts.size() == 2);
        }
    }

    @Test
    void whoCatchesUpSlowlyHoldsNobodyUp() throws Exception {
        TenantId tenant = newTenant();
        Listener before = new Listener();
        WebSocket socket = connect(before, TestTokens.member(tenant, "member"));
        socket.abort();
        int many = 12_000;
        execute("insert into app.stream_event (tenant_id, seq, type, payload, occurred_at) select '" + tenant
                + "', n, 'channel.message-sent.v1', jsonb_build_object('operation_id', n, 'padding',"
                + " repeat('x', 1000)), now() from generate_series(1, " + many + ") n");
        Listener slow = new Listener();
        slow.paused = true;
        WebSocket reader = connect(slow, TestTokens.member(tenant, "member"), "?after=" + before.places.getFirst());
        Listener live = new Listener();
        connect(live, TestTokens.member(tenant, "member"));

        String operation = send(tenant, conversation(tenant, "concierge"), "hello")
                .statusCode(201)
                .extract()
                .path("operation_id");
        await(() -> live.texts.stream().anyMatch(text -> text.contains(operation)));
        assertThat(operations(live)).doesNotHaveDuplicates().endsWith(operation);
        slow.paused = false;
        reader.request(1);

        await(Duration.ofSeconds(30), () -> slow.texts.size() == many + 1);
        List<String> expected = new ArrayList<>();
        for (int i = 1; i <= many; i++) {
            expected.add(String.valueOf(i));
        }
        expected.add(operation);
        assertThat(operations(slow)).as("all, once and in order").isEqualTo(expected);
        assertThat(slow.closed).isEmpty();
    }

    /** Makes what happened old, and waits until it is forgotten. */
    private static void forget(TenantId tenant) {
        execute("update app.stream_event set created_at = now() - interval '11 minutes' where tenant_id = '" + tenant
                + "'");
        await(() -> count("select count(*) from app.stream_event where tenant_id = '" + tenant + "'") == 0);
    }

    private static List<String> operations(Listener listener) throws Exception {
        List<String> operations = new ArrayList<>();
        for (String text : listener.texts) {
            operations.add(
                    Fakes.JSON.readTree(text).path("data").path("operation_id").asText());
        }
        return operations;
    }

    @Test
    void withoutATokenThereIsNoSocket() {
        assertThatThrownBy(() -> connect(new Listener(), null)).isInstanceOf(CompletionException.class);
        assertThatThrownBy(() -> connect(new Listener(), TestTokens.apiKey(newTenant(), "chat")))
                .isInstanceOf(CompletionException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"auth.tenant-suspended.v1", "auth.tenant-deleted.v1"})
    void aStoppedTenantsSocketsAreClosed(String event) {
        TenantId tenant = newTenant();
        Listener listener = new Listener();
        connect(listener, TestTokens.member(tenant, "member"));

        publish(event, tenant, "{\"reason\":\"test\"}");

        await(() -> listener.closed.contains(1008));
    }

    @Test
    void anErasedTenantsSocketsAreClosedByTheEventThatThePlatformSeals() {
        TenantId tenant = newTenant();
        Listener listener = new Listener();
        connect(listener, TestTokens.member(tenant, "member"));

        publish(
                "auth.erasure-requested.v1",
                TenantId.PLATFORM,
                tenant.toString(),
                "{\"tenant_id\":\"" + tenant + "\",\"erasure_id\":\"" + UUID.randomUUID() + "\"}");

        await(() -> listener.closed.contains(1008));
    }

    @Test
    void anErasureWhoseHeaderAndPayloadNameTwoTenantsClosesNobodysSockets() {
        TenantId victim = newTenant();
        TenantId other = newTenant();
        Listener socketOfVictim = new Listener();
        Listener socketOfOther = new Listener();
        connect(socketOfVictim, TestTokens.member(victim, "member"));
        connect(socketOfOther, TestTokens.member(other, "member"));
        String payload = "{\"tenant_id\":\"" + other + "\",\"erasure_id\":\"" + UUID.randomUUID() + "\"}";

        // one key, so one partition and one order
        publish("auth.erasure-requested.v1", TenantId.PLATFORM, other.toString(), victim.toString(), payload);
        publish("auth.erasure-requested.v1", TenantId.PLATFORM, other.toString(), other.toString(), payload);

        await(() -> socketOfOther.closed.contains(1008));
        assertThat(socketOfVictim.closed).isEmpty();
    }

    @Test
    void socketsOfAServiceAccountAreClosedWithAnyOfItsKeys() {
        TenantId tenant = newTenant();
        Listener account = new Listener();
        Listener member = new Listener();
        connect(account, TestTokens.token(tenant, "service-account:a1", List.of("api-key"), List.of("read")));
        connect(member, TestTokens.member(tenant, "member"));

        publish("auth.api-key-revoked.v1", tenant, "{\"api_key_id\":\"k1\",\"service_account_id\":\"a1\"}");

        await(() -> account.closed.contains(1008));
        assertThat(member.closed).isEmpty();
    }

    /** Connects, and waits until the server listens: what happens before it says so is not told. */
    private WebSocket connect(Listener listener, String token) {
        WebSocket socket = connect(listener, token, "");
        await(() -> listener.places.size() == 1);
        return socket;
    }

    private WebSocket connect(Listener listener, String token, String query) {
        WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder();
        return (token == null ? builder : builder.header("Authorization", "Bearer " + token))
                .buildAsync(URI.create("ws://" + server.getAuthority() + "/api/v1/stream" + query), listener)
                .join();
    }

    private static void publish(String type, TenantId tenant, String payload) {
        publish(type, tenant, tenant.toString(), payload);
    }

    private static void publish(String type, TenantId tenant, String subject, String payload) {
        publish(type, tenant, subject, subject, payload);
    }

    private static void publish(String type, TenantId tenant, String key, String subject, String payload) {
        publish("auth.tenant.events", type, tenant, key, subject, payload);
    }

    static void publish(String topic, String type, TenantId tenant, String key, String subject, String payload) {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", KafkaBroker.shared().bootstrap(), "acks", "all"),
                new StringSerializer(),
                new ByteArraySerializer())) {
            ProducerRecord<String, byte[]> message =
                    new ProducerRecord<>(topic, key, payload.getBytes(StandardCharsets.UTF_8));
            Map.of(
                            "ce_specversion",
                            "1.0",
                            "ce_id",
                            UUID.randomUUID().toString(),
                            "ce_type",
                            type,
                            "ce_source",
                            "/test",
                            "ce_subject",
                            subject,
                            "ce_time",
                            Instant.now().toString(),
                            "ce_tenantid",
                            tenant.toString())
                    .forEach((name, value) -> message.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
            producer.send(SealedEvents.sealed(message));
        }
    }

    private static final class Listener implements WebSocket.Listener {
        private final List<String> texts = Collections.synchronizedList(new ArrayList<>());
        /** The places from which the server began. */
        private final List<String> places = new CopyOnWriteArrayList<>();

        private final List<Integer> closed = new CopyOnWriteArrayList<>();
        private final StringBuilder part = new StringBuilder();
        private volatile boolean paused;

        @Override
        public void onOpen(WebSocket socket) {
            if (!paused) {
                socket.request(1);
            }
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                String text = part.toString();
                part.setLength(0);
                if (text.startsWith("{\"type\":\"stream.opened\"")) {
                    places.add(text.replaceAll(".*\"cursor\":\"([^\"]+)\".*", "$1"));
                } else {
                    texts.add(text);
                }
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            closed.add(status);
            return null;
        }
    }
}
