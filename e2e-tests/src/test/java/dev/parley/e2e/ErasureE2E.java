package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Checker;
import dev.parley.e2e.support.EventOpener;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Mailbox;
import dev.parley.e2e.support.Plans;
import dev.parley.e2e.support.Simulators;
import dev.parley.e2e.support.Stack;
import dev.parley.e2e.support.Traces;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A tenant with forty canaries takes its data out, and is erased: no canary is left anywhere, and none comes back. */
@Order(130)
class ErasureE2E {
    /** Keycloak's sign-in events name the address that was typed; they end by themselves (docs/guides/retention.md). */
    private static final Set<String> SIGN_IN_EVENTS = Set.of("keycloak/public.event_entity");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final String mark = "kanary" + UUID.randomUUID().toString().substring(0, 8);
    private final List<String> canaries = new ArrayList<>();
    private final List<String> exported = new ArrayList<>();
    private final List<String> secrets = new ArrayList<>();

    @Test
    void everythingIsExportedAndNothingIsLeftAfterTheErasure() throws Exception {
        String email = seed("owner") + "@example.com";
        String organization = seed("organization");
        Answer signUp = Api.anonymous()
                .post(
                        "/api/v1/auth/signup",
                        Map.of(
                                "email",
                                email,
                                "password",
                                "correct-horse-battery-1",
                                "name",
                                seed("name"),
                                "organization",
                                organization))
                .expect(201);
        new Mailbox(email).proveAddress();
        String tenant = signUp.text("tenant_id");
        Api owner = Api.bearer(signUp.text("access_token"));
        seedEverything(owner, tenant);
        assertThat(canaries).hasSize(40);

        Traces traces = new Traces(canaries);
        Eventually.passes(
                PATIENCE, () -> assertThat(traces.inDatabases(Set.of()).keySet())
                        .as("the search finds what is there")
                        .containsAll(exported));
        assertThat(traces.inFiles("kafka"))
                .as("topics hold no readable canary even now")
                .isEmpty();
        theExportEqualsWhatWasSeeded(owner, tenant);

        ConsumerRecord<String, byte[]> old =
                records(tenant, "platform.audit.events").getFirst();
        byte[] wrapped = EventOpener.wrapped(tenant).orElseThrow();
        lie(old);

        owner.post("/api/v1/erasure", Map.of("confirmation", "not its name")).expect(422);
        Answer begun = owner.post("/api/v1/erasure", Map.of("confirmation", organization))
                .expect(202);
        Eventually.passes(Duration.ofSeconds(2), () -> assertThat(
                        owner.get("/api/v1/tenant").status())
                .as("contexts are dead")
                .isIn(401, 403));
        assertThat(owner.post("/api/v1/export").status()).isIn(401, 403, 409);
        URI certificate = URI.create(begun.text("certificate_url"));
        String path = certificate.getPath() + "?" + certificate.getQuery();
        Eventually.passes(
                PATIENCE, () -> assertThat(Api.anonymous().get(path).expect(200).text("status"))
                        .isEqualTo("done"));
        theCertificateCounts(Api.anonymous().get(path), tenant);

        Eventually.passes(Duration.ofSeconds(20), () -> assertThat(traces.inDatabases(SIGN_IN_EVENTS))
                .as("databases")
                .isEmpty());
        redeliver(old);
        assertThat(traces.inFiles("kafka")).as("topics, dead letters too").isEmpty();
        assertThat(traces.inFiles("storage")).as("files").isEmpty();
        assertThat(traces.inFiles("logs")).as("logs").isEmpty();
        assertThat(Stack.running().dataDirectory().resolve("storage").resolve(tenant))
                .doesNotExist();
        Thread.sleep(2_000);
        assertThat(new Checker()
                        .column("parley_auth", "select count(*) from app.audit_log where tenant_id = '" + tenant + "'"))
                .as("an old event that comes again brings nothing back")
                .containsExactly("0");
        assertThat(traces.inDatabases(SIGN_IN_EVENTS)).isEmpty();
        assertThat(EventOpener.wrapped(tenant)).as("the key").isEmpty();
        assertThat(new EventOpener().open(old, tenant)).isEmpty();
        assertThat(new String(new EventOpener().open(old, tenant, wrapped), StandardCharsets.UTF_8))
                .as("only a backup of the key together with the master keyset opens an old record")
                .contains("resource_type");
    }

    private void seedEverything(Api owner, String tenant) {
        owner.post(
                        "/api/v1/checkout",
                        Map.of(
                                "plan",
                                Plans.withCredits(1_000),
                                "provider",
                                "stripe",
                                "success_url",
                                Stack.running().publicUrl() + "/console/",
                                "cancel_url",
                                Stack.running().publicUrl() + "/console/"))
                .expect(201);
        owner.patch("/api/v1/tenant", Map.of("settings", Map.of("note", seed("setting-old"))))
                .expect(200);
        owner.patch("/api/v1/tenant", Map.of("settings", Map.of("note", seed("setting-new"))))
                .expect(200);
        owner.post("/api/v1/api-keys", Map.of("name", seed("key"), "scopes", List.of("read")))
                .expect(201);
        owner.post("/api/v1/service-accounts", Map.of("name", seed("robot"), "description", seed("robot-text")))
                .expect(201);
        String second = owner.post("/api/v1/api-keys", Map.of("name", seed("key-2"), "scopes", List.of("chat", "read")))
                .expect(201)
                .text("key");
        for (int i = 0; i < 3; i++) {
            owner.post("/api/v1/invitations", Map.of("email", seed("guest" + i) + "@example.com", "role", "member"))
                    .expect(201);
        }
        String conversation = owner.post("/api/v1/conversations", Map.of("agent", "concierge"))
                .expect(201)
                .text("id");
        for (int i = 0; i < 8; i++) {
            owner.post(
                            "/api/v1/conversations/" + conversation + "/messages",
                            Map.of("text", seed("message" + i), "client_message_id", seed("client" + i)))
                    .expect(201);
        }
        for (int i = 0; i < 3; i++) {
            Api.key(second)
                    .with("Idempotency-Key", secret("once" + i))
                    .post(
                            "/v1/chat/completions",
                            Map.of(
                                    "model", "concierge",
                                    "user", "someone",
                                    "messages", List.of(Map.of("role", "user", "content", seed("completion" + i)))))
                    .expect(200);
        }
        String token =
                ThreadLocalRandom.current().nextInt(100_000, 999_999) + ":" + secret("bot") + "-abcdefghijkl-123456789";
        owner.post(
                        "/api/v1/channels",
                        Map.of(
                                "type",
                                "telegram",
                                "name",
                                seed("channel"),
                                "agent",
                                "concierge",
                                "credentials",
                                Map.of("bot_token", token, "secret_token", secret("hook"))))
                .expect(201);
        long chat = ThreadLocalRandom.current().nextLong(1_000_000, 9_000_000);
        Simulators.writeToBot(token, chat, seed("telegram"));
        Eventually.passes(
                PATIENCE, () -> assertThat(Simulators.sentByBot(token, chat)).hasSize(1));
        Api staff = Api.platformAdmin();
        staff.with("X-Access-Reason", seed("look"))
                .get("/api/v1/admin/tenants/" + tenant)
                .expect(200);
        staff.post("/api/v1/admin/tenants/" + tenant + "/suspension", Map.of("reason", seed("suspension")))
                .expect(200);
        assertThat(staff.with("X-Access-Reason", "it is settled")
                        .delete("/api/v1/admin/tenants/" + tenant + "/suspension")
                        .status())
                .isIn(200, 204);
        Eventually.passes(PATIENCE, () -> owner.get("/api/v1/tenant").expect(200));
    }

    private void theExportEqualsWhatWasSeeded(Api owner, String tenant) throws Exception {
        String id = owner.post("/api/v1/export").expect(202).text("id");
        Eventually.passes(PATIENCE, () -> assertThat(
                        owner.get("/api/v1/export/" + id).expect(200).text("status"))
                .isEqualTo("ready"));
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(Stack.running().gatewayUrl() + "/api/v1/export/" + id + "/file"))
                .header("Authorization", "Bearer " + owner.token())
                .build();
        byte[] zip = HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofByteArray())
                .body();
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                files.put(entry.getName(), in.readAllBytes());
            }
        }
        JsonNode manifest = JSON.readTree(files.get("manifest.json"));
        for (JsonNode file : manifest.path("files")) {
            byte[] content = files.get(file.path("file").asText());
            assertThat(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(content)))
                    .isEqualTo(file.path("sha256").asText());
        }
        StringBuilder all = new StringBuilder();
        files.values().forEach(content -> all.append(new String(content, StandardCharsets.UTF_8)));
        for (String canary : exported) {
            assertThat(all).as(canary).contains(canary);
        }
        for (String secret : secrets) {
            assertThat(all).as(secret).doesNotContain(secret);
        }
        assertThat(new String(files.get("channel-service/messages.jsonl"), StandardCharsets.UTF_8).lines())
                .hasSize(Integer.parseInt(new Checker()
                        .column("parley_channel", "select count(*) from app.message where tenant_id = '" + tenant + "'")
                        .getFirst()));
    }

    private static void theCertificateCounts(Answer shown, String tenant) throws Exception {
        String payload = shown.text("certificate").split("\\.")[1];
        JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(payload));
        assertThat(claims.path("sub").asText()).isEqualTo(tenant);
        assertThat(claims.path("services")).hasSize(5);
        assertThat(claims.at("/services/channel-service/tables/message").asInt())
                .isGreaterThanOrEqualTo(24);
        assertThat(claims.at("/services/auth-service/tables/invitation").asInt())
                .isEqualTo(3);
        assertThat(claims.at("/services/billing-service/kept/ledger_transfer/rows")
                        .asInt())
                .isPositive();
        assertThat(claims.at("/services/billing-service/kept/ledger_transfer/reason")
                        .asText())
                .contains("tax law");
    }

    /** A canary that the export must hold. */
    private String seed(String what) {
        String canary = mark + "-" + what;
        canaries.add(canary);
        exported.add(canary);
        return canary;
    }

    /** A canary that the export must not hold. */
    private String secret(String what) {
        String canary = mark + "-" + what;
        canaries.add(canary);
        secrets.add(canary);
        return canary;
    }

    /** Sends a record whose header lies, so that it ends among the dead letters. */
    private static void lie(ConsumerRecord<String, byte[]> old) throws Exception {
        ProducerRecord<String, byte[]> lie = copy(old);
        lie.headers().remove("ce_id").add("ce_id", UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8));
        send(lie);
    }

    private static void redeliver(ConsumerRecord<String, byte[]> old) throws Exception {
        send(copy(old));
    }

    private static ProducerRecord<String, byte[]> copy(ConsumerRecord<String, byte[]> old) {
        ProducerRecord<String, byte[]> copy = new ProducerRecord<>(old.topic(), old.key(), old.value());
        old.headers().forEach(copy.headers()::add);
        return copy;
    }

    private static void send(ProducerRecord<String, byte[]> message) throws Exception {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", Stack.running().kafkaBootstrap()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(message).get();
        }
    }

    private static List<ConsumerRecord<String, byte[]>> records(String tenant, String topic) {
        List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> reader = new KafkaConsumer<>(
                Map.of("bootstrap.servers", Stack.running().kafkaBootstrap(), "enable.auto.commit", false),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = reader.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
            while (partitions.stream().anyMatch(one -> reader.position(one) < ends.get(one))) {
                reader.poll(Duration.ofMillis(200)).forEach(message -> {
                    Header header = message.headers().lastHeader("ce_tenantid");
                    if (header != null && tenant.equals(new String(header.value(), StandardCharsets.UTF_8))) {
                        found.add(message);
                    }
                });
            }
        }
        return found;
    }
}
