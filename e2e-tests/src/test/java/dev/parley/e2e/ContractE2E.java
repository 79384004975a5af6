package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.EventOpener;
import dev.parley.e2e.support.Stack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Every event that the stack has published so far, by all stories before this one, keeps its published contract. */
@Order(120)
class ContractE2E {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path EVENTS = Path.of("..", "contracts", "events");
    private static final String UUID_TEXT = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    private static final Set<String> STORY = Set.of(
            "auth.tenant-created.v1",
            "auth.member-added.v1",
            "auth.api-key-revoked.v1",
            "billing.subscription-changed.v1",
            "billing.credits-granted.v1",
            "agent.usage-recorded.v1",
            "policy.usage-settled.v1",
            "channel.message-sent.v1",
            "platform.audit-recorded.v1");

    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(VersionFlag.V202012);
    private static final SchemaValidatorsConfig STRICT =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
    private static final Map<String, JsonNode> DEFINITIONS = read(".schema.json");
    private static final Map<String, JsonSchema> SCHEMAS = DEFINITIONS.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> FACTORY.getSchema(entry.getValue(), STRICT)));
    private static final Map<String, JsonNode> SAMPLES = read(".sample.json");

    @Test
    void everyEventIsACloudEventAndKeepsTheSchemaOfItsType() {
        Customer customer = Customer.signUp();
        customer.say(customer.conversation("concierge"), "Do you keep your word?")
                .expect(201);
        String key = customer.api()
                .post("/api/v1/api-keys", Map.of("name", "short-lived", "scopes", List.of("read")))
                .expect(201)
                .text("id");
        customer.api().delete("/api/v1/api-keys/" + key).expect(204);

        Findings findings = new Findings(customer.tenantId());
        boolean readToTheEnd = readKafka(findings);

        assertThat(findings.broken)
                .as("events that break their contract, one of each kind")
                .isEmpty();
        assertThat(findings.ofCustomer).as("events of this customer").containsAll(STORY);
        assertThat(readToTheEnd)
                .as("all topics were read to their end within a minute")
                .isTrue();
    }

    @Test
    void everySchemaIsOneAndItsSampleIsComplete() {
        JsonSchema schemaOfSchemas = FACTORY.getSchema(SchemaLocation.of(SchemaId.V202012), STRICT);

        assertThat(SCHEMAS).containsKeys(STORY.toArray(String[]::new));
        assertThat(SAMPLES).containsOnlyKeys(SCHEMAS.keySet());
        DEFINITIONS.forEach((type, definition) -> {
            assertThat(schemaOfSchemas.validate(definition)).as(type).isEmpty();
            assertThat(definition.path("title").asText()).isEqualTo(type);
            JsonNode sample = SAMPLES.get(type);
            assertThat(SCHEMAS.get(type).validate(sample))
                    .as("sample of " + type)
                    .isEmpty();
            assertThat(names(sample)).as("sample of " + type).isEqualTo(names(definition.path("properties")));
        });
    }

    @Test
    void aSchemaRefusesAMissingMemberAndAMalformedIdOrTimeAndAllowsANewMember() {
        DEFINITIONS.forEach((type, definition) -> {
            JsonSchema schema = SCHEMAS.get(type);
            ObjectNode sample = (ObjectNode) SAMPLES.get(type);
            for (JsonNode required : definition.path("required")) {
                ObjectNode poorer = sample.deepCopy().without(required.asText());
                assertThat(schema.validate(poorer))
                        .as(type + " without " + required)
                        .isNotEmpty();
            }
            definition.path("properties").properties().forEach(member -> {
                if (Set.of("uuid", "date-time")
                        .contains(member.getValue().path("format").asText())) {
                    ObjectNode wrong = sample.deepCopy().put(member.getKey(), "yesterday");
                    assertThat(schema.validate(wrong))
                            .as(type + " with a wrong " + member.getKey())
                            .isNotEmpty();
                }
            });
            assertThat(schema.validate(sample.deepCopy().put("new_member", true)))
                    .as(type)
                    .isEmpty();
        });
    }

    /** Reads all topics to their end, and until the customer's story is there, for a minute at most. */
    private static boolean readKafka(Findings findings) {
        Map<String, Object> settings = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                Stack.running().kafkaBootstrap(),
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                5_000);
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        try (KafkaConsumer<String, byte[]> kafka =
                new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> all = new ArrayList<>();
            kafka.listTopics().forEach((topic, partitions) -> {
                if (!topic.startsWith("__")) {
                    partitions.forEach(partition -> all.add(new TopicPartition(topic, partition.partition())));
                }
            });
            kafka.assign(all);
            kafka.seekToBeginning(all);
            Map<TopicPartition, Long> ends = kafka.endOffsets(all);
            boolean end = false;
            while (System.nanoTime() < until && !(end && findings.suffice())) {
                kafka.poll(Duration.ofMillis(250)).forEach(findings::check);
                end = all.stream().allMatch(partition -> kafka.position(partition) >= ends.get(partition));
            }
            return end;
        }
    }

    private static Map<String, JsonNode> read(String suffix) {
        Map<String, JsonNode> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(EVENTS)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(suffix)) {
                    found.put(
                            name.substring(0, name.length() - suffix.length()), JSON.readTree(Files.readString(file)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new HashSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** What was wrong with the records, and which types came for the customer. */
    private static final class Findings {
        private final EventOpener opener = new EventOpener();
        private final String tenant;
        private final Set<String> ofCustomer = new HashSet<>();
        private final Map<String, String> broken = new TreeMap<>();

        Findings(String tenant) {
            this.tenant = tenant;
        }

        boolean suffice() {
            return !broken.isEmpty() || ofCustomer.containsAll(STORY);
        }

        void check(ConsumerRecord<String, byte[]> message) {
            String type = header(message, "ce_type");
            must(message, "ce_specversion", version -> assertThat(version).isEqualTo("1.0"));
            must(message, "ce_id", id -> assertThat(id).matches(UUID_TEXT));
            must(message, "ce_type", name -> assertThat(SCHEMAS).as("schemas").containsKey(name));
            must(message, "ce_source", source -> assertThat(source).matches("/[a-z-]+"));
            must(message, "content-type", kind -> assertThat(kind).isEqualTo("application/vnd.parley.sealed"));
            must(message, "ce_subject", subject -> assertThat(subject).isNotBlank());
            must(message, "ce_time", Instant::parse);
            must(message, "ce_tenantid", id -> assertThat(id).matches(UUID_TEXT));
            if (type != null && SCHEMAS.containsKey(type)) {
                value(message, SCHEMAS.get(type));
                if (tenant.equals(header(message, "ce_tenantid"))) {
                    ofCustomer.add(type);
                }
            }
        }

        private void value(ConsumerRecord<String, byte[]> message, JsonSchema schema) {
            if (message.value() == null) {
                report(message, "no value", null);
                return;
            }
            byte[] value;
            try {
                Optional<byte[]> opened = opener.open(message, header(message, "ce_tenantid"));
                if (opened.isEmpty()) {
                    return; // of an erased tenant
                }
                value = opened.get();
            } catch (IllegalArgumentException lie) {
                report(message, "cannot be opened", null);
                return;
            }
            try {
                schema.validate(JSON.readTree(value))
                        .forEach(violation -> report(message, violation.getMessage(), value));
            } catch (IOException malformed) {
                report(message, "not JSON", value);
            }
        }

        private void must(ConsumerRecord<String, byte[]> message, String name, Consumer<String> check) {
            String value = header(message, name);
            try {
                assertThat(value).isNotNull();
                check.accept(value);
            } catch (AssertionError | DateTimeParseException wrong) {
                report(message, "header " + name, String.valueOf(value).getBytes(StandardCharsets.UTF_8));
            }
        }

        private void report(ConsumerRecord<String, byte[]> message, String what, byte[] found) {
            String where = message.topic() + "/" + message.partition() + "@" + message.offset();
            broken.putIfAbsent(
                    message.topic() + " " + header(message, "ce_type") + ": " + what,
                    where + " " + (found == null ? null : new String(found, StandardCharsets.UTF_8)));
        }

        private static String header(ConsumerRecord<String, byte[]> message, String name) {
            Header header = message.headers().lastHeader(name);
            return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
        }
    }
}
