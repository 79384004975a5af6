package dev.parley.auth.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import dev.parley.auth.AuthTestResource;
import dev.parley.auth.Story;
import dev.parley.auth.audit.AuditFact;
import dev.parley.auth.audit.AuditLogEntry;
import dev.parley.auth.audit.AuditLogService;
import dev.parley.platform.data.Database;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.KafkaBroker;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** What a superuser does to the real table is found, with the heads in Kafka as the witness. */
@QuarkusTest
@QuarkusTestResource(AuthTestResource.class)
class TamperIT {
    private static final int ENTRIES = 6;

    @Inject
    Database database;

    @Inject
    AuditLogService trail;

    @Inject
    HeadFlow heads;

    @Inject
    HeadSignatures signatures;

    @Inject
    Outbox outbox;

    /** A trail of six entries whose head is signed and has arrived in Kafka. */
    private Story.Person victim() {
        Story.Person owner = Story.newcomer();
        for (int i = 0; i < ENTRIES - 2; i++) {
            Story.as(owner).body(Map.of("name", "Renamed " + i)).patch("/api/v1/tenant");
        }
        Story.await("six entries", () -> entries(owner).size() == ENTRIES);
        asked(owner, "/api/v1/audit-log/head").then().statusCode(200).body("seq", equalTo(ENTRIES));
        TenantId tenant = TenantId.of(owner.tenantId());
        awaitCopies(tenant, copies -> copies.stream().anyMatch(head -> head.seq() == ENTRIES));
        return owner;
    }

    private List<AuditLogEntry> entries(Story.Person owner) {
        return database.inTenant(TenantId.of(owner.tenantId()), handle -> trail.after(handle, 0, 1000));
    }

    private static Response verified(Story.Person owner) {
        Response answer = asked(owner, "/api/v1/audit-log/verification");
        answer.then().statusCode(200);
        return answer;
    }

    /** What is answered once Kafka is quick enough for it: until then it is a 503. */
    private static Response asked(Story.Person owner, String path) {
        Response[] answer = new Response[1];
        Story.await("Kafka", () -> {
            answer[0] = Story.as(owner).get(path);
            return answer[0].statusCode() != 503;
        });
        return answer[0];
    }

    private void awaitCopies(TenantId tenant, Predicate<List<SignedHead>> wanted) {
        Story.await("the copies", () -> {
            try {
                return wanted.test(heads.copied(tenant));
            } catch (Problem away) {
                return false;
            }
        });
    }

    private static String faults(Story.Person owner) {
        Response answer = verified(owner);
        List<Map<String, Object>> faults = answer.path("faults");
        assertThat(answer.<Boolean>path("intact")).isEqualTo(faults.isEmpty());
        return String.join(
                " ",
                faults.stream()
                        .map(fault -> fault.get("kind") + "@" + fault.get("seq"))
                        .toList());
    }

    private static void tamper(Story.Person owner, String statement) {
        String own = " tenant_id = '" + owner.tenantId() + "'";
        assertThat(Story.sql(statement.replace("$own", own))).as(statement).isNotEqualTo("0");
    }

    @Test
    void everyTamperingIsFoundAndLocated() {
        Story.Person untouched = victim();
        assertThat(faults(untouched)).isEmpty();
        assertThat(verified(untouched).<Integer>path("entries")).isEqualTo(ENTRIES);

        for (Map.Entry<String, String> change : Map.ofEntries(
                        Map.entry(
                                "update app.audit_log set actor = 'somebody else' where seq = 3 and $own", "altered@3"),
                        Map.entry(
                                "update app.audit_log set after_state = '{\"name\":\"x\"}' where seq = 4 and $own",
                                "altered@4"),
                        Map.entry(
                                "update app.audit_log set after_state = cast(after_state::text || ' ' as json) where seq = 4 and $own",
                                "altered@4"),
                        Map.entry(
                                "update app.audit_log set at = at + interval '1 microsecond' where seq = 2 and $own",
                                "altered@2"),
                        Map.entry("update app.audit_log set reason = 'invented' where seq = 1 and $own", "altered@1"),
                        Map.entry("update app.audit_log set staff = true where seq = 5 and $own", "altered@5"),
                        Map.entry(
                                "update app.audit_log set seq = case seq when 3 then 1004 else 1003 end where seq in (3, 4) and $own;"
                                        + " update app.audit_log set seq = seq - 1000 where seq > 1000 and $own",
                                "swapped@3 swapped@4"),
                        Map.entry("delete from app.audit_log where seq = 3 and $own", "missing@3"),
                        Map.entry(
                                "delete from app.audit_log where seq = 3 and $own; update app.audit_log set seq = seq + 1000 where seq > 3 and $own;"
                                        + " update app.audit_log set seq = seq - 1001 where seq > 1000 and $own",
                                "missing@3 truncated@6"),
                        Map.entry(
                                "update app.audit_log set seq = seq + 1000 where seq > 3 and $own; update app.audit_log set seq = seq - 999 where seq > 1000 and $own;"
                                        + " insert into app.audit_log (tenant_id, seq, event_id, at, actor, action, resource_type, previous_hash, hash)"
                                        + " select tenant_id, 4, gen_random_uuid(), now(), 'x', 'x.y', 'x', hash, repeat('a', 64) from app.audit_log where seq = 3 and $own",
                                "inserted@4"),
                        Map.entry("delete from app.audit_log where seq > 4 and $own", "truncated@5"),
                        Map.entry("delete from app.audit_log where $own", "truncated@1"))
                .entrySet()) {
            Story.Person victim = victim();
            tamper(victim, change.getKey());
            assertThat(faults(victim)).as(change.getKey()).isEqualTo(change.getValue());
        }
    }

    /** The attacker owns the database, heads included, and recomputes every hash: only the copy in Kafka is against it. */
    @Test
    void rewrittenTrailIsFoundByTheCopiedHeadAndNeverSignedAgain() {
        Story.Person victim = victim();
        tamper(victim, "delete from app.audit_head where $own");
        String previous = AuditFact.GENESIS;
        for (AuditLogEntry entry : entries(victim)) {
            AuditFact told = entry.fact();
            AuditFact lie = new AuditFact(
                    told.eventId(),
                    told.at(),
                    "somebody-else",
                    told.action(),
                    told.resourceType(),
                    told.resourceId(),
                    told.before(),
                    told.after(),
                    told.reason(),
                    told.operationId(),
                    told.ticket(),
                    told.staff(),
                    told.accessId());
            String hash = lie.hash(previous, entry.seq());
            tamper(
                    victim,
                    "update app.audit_log set actor = 'somebody-else', previous_hash = '%s', hash = '%s' where seq = %d and $own"
                            .formatted(previous, hash, entry.seq()));
            previous = hash;
        }

        assertThat(faults(victim)).isEqualTo("rewritten@1");
        Story.as(victim).body(Map.of("name", "Later")).patch("/api/v1/tenant");
        Story.await("a seventh entry", () -> entries(victim).size() == ENTRIES + 1);
        asked(victim, "/api/v1/audit-log/head")
                .then()
                .body("seq", equalTo(ENTRIES))
                .body("jws", startsWith("ey"));
        assertThat(faults(victim)).isEqualTo("rewritten@1");
    }

    /** The attacker may write to the topic too: an old record at its end says nothing of what is the latest. */
    @Test
    void aTruncationIsFoundThoughAnOldCopyOfTheHeadIsSentAgain() {
        Story.Person victim = Story.newcomer();
        TenantId tenant = TenantId.of(victim.tenantId());
        Story.await("two entries", () -> entries(victim).size() == 2);
        asked(victim, "/api/v1/audit-log/head").then().body("seq", equalTo(2));
        awaitCopies(tenant, copies -> copies.size() == 1);
        ConsumerRecord<String, byte[]> old = copies(victim).getLast();
        Story.as(victim).body(Map.of("name", "Renamed")).patch("/api/v1/tenant");
        Story.await("a third entry", () -> entries(victim).size() == 3);
        asked(victim, "/api/v1/audit-log/head").then().body("seq", equalTo(3));
        Story.await("its copy", () -> copies(victim).size() == 2);

        send(old);
        assertThat(copies(victim)).hasSize(3);
        assertThat(faults(victim)).isEmpty();
        tamper(victim, "delete from app.audit_log where seq = 3 and $own");
        tamper(victim, "delete from app.audit_head where seq = 3 and $own");

        assertThat(faults(victim)).isEqualTo("truncated@3");
        Story.as(victim).body(Map.of("name", "Another")).patch("/api/v1/tenant");
        Story.await("another third entry", () -> entries(victim).size() == 3);
        asked(victim, "/api/v1/audit-log/head")
                .then()
                .body("seq", equalTo(3))
                .body("hash", not(equalTo(entries(victim).getLast().hash())));
        assertThat(faults(victim)).isEqualTo("rewritten@3");
    }

    /** Two heads of one place, both signed by Parley: at some time the trail was another one. */
    @Test
    void twoSignedHeadsOfOnePlaceAreAFault() {
        Story.Person victim = victim();
        TenantId tenant = TenantId.of(victim.tenantId());
        SignedHead other = signatures.pen().sign(tenant, ENTRIES - 1, "f".repeat(64));
        SignedHead one = signatures
                .pen()
                .sign(tenant, ENTRIES - 1, entries(victim).get(ENTRIES - 2).hash());
        for (SignedHead head : List.of(one, other)) {
            database.useTenant(
                    tenant,
                    handle -> outbox.append(
                            handle, tenant, new AuditHeadSigned(tenant, head.seq(), head.hash(), head.jws())));
        }
        awaitCopies(tenant, copies -> copies.size() == 3);

        assertThat(faults(victim)).isEqualTo("rewritten@1");
    }

    private static List<ConsumerRecord<String, byte[]>> copies(Story.Person owner) {
        List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> reader = new KafkaConsumer<>(
                Map.of("bootstrap.servers", KafkaBroker.shared().bootstrap()),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = reader.partitionsFor(AuditHeadSigned.TOPIC).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
            while (partitions.stream().anyMatch(one -> reader.position(one) < ends.get(one))) {
                reader.poll(Duration.ofMillis(200)).forEach(message -> {
                    if (owner.tenantId().equals(message.key())) {
                        found.add(message);
                    }
                });
            }
        }
        return found;
    }

    private static void send(ConsumerRecord<String, byte[]> message) {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", KafkaBroker.shared().bootstrap()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                    message.topic(), message.partition(), message.key(), message.value(), message.headers()));
        }
    }

    @Test
    void headsFollowTheTrailAndTheirKeysArePublic() {
        Story.Person owner = victim();
        String first = asked(owner, "/api/v1/audit-log/head").path("jws");
        assertThat(asked(owner, "/api/v1/audit-log/head").<String>path("jws"))
                .as("nothing moved")
                .isEqualTo(first);

        Story.as(owner).body(Map.of("name", "Later")).patch("/api/v1/tenant");
        Story.await("a seventh entry", () -> entries(owner).size() == ENTRIES + 1);
        heads.signMoved();
        asked(owner, "/api/v1/audit-log/head").then().body("seq", equalTo(ENTRIES + 1));
        assertThat(Story.sql("select count(*) from app.audit_head where tenant_id = '" + owner.tenantId() + "'"))
                .isEqualTo("2");
        Story.as(owner)
                .get("/api/v1/audit-log/keys")
                .then()
                .statusCode(200)
                .body("keys", hasSize(1))
                .body("keys[0].d", equalTo(null))
                .body("keys[0].crv", equalTo("P-256"));
    }

    @Test
    void exportHoldsEveryEntryAndEndsWithTheHead() {
        Story.Person owner = victim();
        Story.as(owner).body(Map.of("name", "=HYPERLINK(1)")).patch("/api/v1/tenant");
        Story.await("a seventh entry", () -> entries(owner).size() == ENTRIES + 1);

        String[] lines = Story.as(owner)
                .header("Accept", "application/x-ndjson")
                .get("/api/v1/audit-log/export")
                .asString()
                .split("\n");
        assertThat(lines).hasSize(ENTRIES + 3);
        assertThat(lines[0]).contains("\"type\":\"header\"", "parley-audit/1", owner.tenantId(), "\"keys\"");
        assertThat(lines[ENTRIES + 2]).contains("\"type\":\"head\"", "\"seq\":7", "\"jws\":\"ey");

        String table = Story.as(owner)
                .header("Accept", "text/csv")
                .get("/api/v1/audit-log/export")
                .asString();
        assertThat(table.split("\n")).hasSize(ENTRIES + 3);
        assertThat(AuditExportFlow.cell("=1+1")).isEqualTo("\"'=1+1\"");
        assertThat(AuditExportFlow.cell("a \"b\"")).isEqualTo("\"a \"\"b\"\"\"");
    }
}
