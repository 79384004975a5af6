package dev.parley.auth.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;

import dev.parley.auth.AuthTestResource;
import dev.parley.auth.Story;
import dev.parley.auth.Story.Person;
import dev.parley.auth.erasure.ErasureService.Farewell;
import dev.parley.auth.identity.SecretText;
import dev.parley.auth.tenant.TenantService;
import dev.parley.platform.data.Database;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.KafkaBroker;
import dev.parley.testing.SmtpServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;

/** How erasures begin: by an owner, by the end of the time to restore, after a crash, and not by an event alone. */
@QuarkusTest
@QuarkusTestResource(AuthTestResource.class)
class ErasureIT {
    private static final Duration WINDOW = Duration.ofDays(30);
    private static final Pattern LINK = Pattern.compile("(/api/v1/erasure-certificates/[0-9a-f-]+)\\?token=([\\w-]+)");

    @Inject
    ErasureService erasures;

    @Inject
    TenantService tenants;

    @Inject
    Database database;

    @Inject
    Outbox outbox;

    @Test
    void aDeletedTenantIsErasedWhenItsTimeToBeRestoredIsOverAndNotBefore() {
        Person owner = Story.newcomer();
        Story.as(owner)
                .body(Map.of("confirmation", "Rao & Sons"))
                .delete("/api/v1/tenant")
                .then()
                .statusCode(202);

        sweepIn(WINDOW.minusMinutes(1));
        assertThat(status(owner)).isEqualTo("deleted");
        sweepIn(WINDOW.plusMinutes(1));

        Story.await("erasure", () -> "erased".equals(status(owner)));
        Story.await("mail", () -> SmtpServer.shared().to(owner.email()).size() == 1);
        String certificate = linkIn(SmtpServer.shared().to(owner.email()).getFirst());
        Story.await(
                "certificate", () -> "done".equals(RestAssured.get(certificate).path("status")));
        assertThat(RestAssured.get(certificate).<String>path("certificate")).startsWith("ey");
        Story.await("no address", () -> Story.tablesContaining(owner.email()).isEmpty());
        assertThat(noted(owner, "service:auth-service")).isEqualTo("1");
    }

    @Test
    void aTenantThatIsRestoredOrWorksIsNotEndedByTheSweep() {
        Person owner = Story.newcomer();
        Story.as(owner)
                .body(Map.of("confirmation", "Rao & Sons"))
                .delete("/api/v1/tenant")
                .then()
                .statusCode(202);
        Story.as(owner).post("/api/v1/tenant/restoration").then().statusCode(200);

        sweepIn(WINDOW.plusMinutes(1));

        assertThat(status(owner)).isEqualTo("pending");
        demandStays(owner);
        Story.as(owner).body(Map.of("confirmation", "Rao & Sons")).delete("/api/v1/tenant");
        demandStays(owner);
    }

    private void demandStays(Person owner) {
        assertThatThrownBy(() -> database.useTenant(
                        TenantId.of(owner.tenantId()), handle -> tenants.beginErasureOfDeleted(handle, caller(owner))))
                .hasMessageContaining("TENANT_STATUS_CONFLICT");
    }

    /** The sweep takes a tenant that was stopped a moment ago for one whose request crashed. */
    @Test
    void aSweepBetweenTheStopAndTheNoteTakesNeitherTheTokenNorTheOwnerAway() {
        Person owner = Story.newcomer();
        TenantId tenant = TenantId.of(owner.tenantId());
        database.useTenant(tenant, handle -> tenants.beginErasure(handle, caller(owner), "Rao & Sons"));
        SecretText token = SecretText.random();

        erasures.sweep();
        Erasure begun =
                erasures.begin(tenant, new Farewell(caller(owner), "Rao & Sons", List.of(owner.email()), token));

        RestAssured.get("/api/v1/erasure-certificates/" + begun.id() + "?token=" + token.value())
                .then()
                .statusCode(200);
        assertThat(noted(owner, owner.userId())).isEqualTo("1");
        Story.await("mail", () -> SmtpServer.shared().to(owner.email()).size() == 1);
        erasures.begin(tenant, null);
        RestAssured.get("/api/v1/erasure-certificates/" + begun.id() + "?token=" + token.value())
                .then()
                .statusCode(200);
    }

    @Test
    void ownersWhoEraseWhileTheSweepRunsAllGetTheirCertificate() throws Exception {
        List<Person> owners = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            owners.add(Story.newcomer());
        }
        AtomicBoolean over = new AtomicBoolean();
        List<Response> begun = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.submit(() -> {
                while (!over.get()) {
                    erasures.sweep();
                }
            });
            try {
                List<Future<Response>> requests = owners.stream()
                        .map(owner -> threads.submit(() -> Story.as(owner)
                                .body(Map.of("confirmation", "Rao & Sons"))
                                .post("/api/v1/erasure")))
                        .toList();
                for (Future<Response> request : requests) {
                    begun.add(request.get());
                }
            } finally {
                over.set(true);
            }
        }

        for (int i = 0; i < owners.size(); i++) {
            begun.get(i).then().statusCode(202);
            URI certificate = URI.create(begun.get(i).path("certificate_url"));
            String path = certificate.getPath() + "?" + certificate.getQuery();
            RestAssured.get(path)
                    .then()
                    .statusCode(200)
                    .body("id", equalTo(begun.get(i).path("id")));
            Story.await("certificate", () -> "done".equals(RestAssured.get(path).path("status")));
            assertThat(noted(owners.get(i), owners.get(i).userId())).isEqualTo("1");
        }
    }

    /** As somebody with the platform's event key, or a fault, could send it: everything fits, but nobody asked for it. */
    @Test
    void anEventAloneErasesNobody() {
        Person victim = Story.newcomer();
        TenantId tenant = TenantId.of(victim.tenantId());
        Story.eventKey(victim.tenantId());

        database.useTenant(
                TenantId.PLATFORM,
                handle -> outbox.append(handle, TenantId.PLATFORM, new ErasureRequested(tenant, UUID.randomUUID())));

        Story.await("dead letter", () -> putAside(victim.tenantId()));
        assertThat(status(victim)).isEqualTo("pending");
        Story.eventKey(victim.tenantId());
        Story.as(victim).get("/api/v1/members").then().statusCode(200).body("items.size()", equalTo(1));
        assertThat(Story.login(victim.email())).isNotEmpty();
    }

    private void sweepIn(Duration time) {
        Clock real = Clock.systemUTC();
        QuarkusMock.installMockForType(Clock.offset(real, time), Clock.class);
        try {
            erasures.sweep();
        } finally {
            QuarkusMock.installMockForType(real, Clock.class);
        }
    }

    private static Caller caller(Person owner) {
        return new Caller(
                TenantId.of(owner.tenantId()),
                owner.userId(),
                "password",
                Set.of("owner", "admin", "member"),
                Set.of());
    }

    private static String status(Person owner) {
        return Story.sql("select status from app.tenant where tenant_id = '" + owner.tenantId() + "'");
    }

    /** How often the platform's trail says that the actor had the tenant erased. */
    private static String noted(Person owner, String actor) {
        String count = "select count(*) from app.audit_log where tenant_id = '" + TenantId.PLATFORM
                + "' and action = 'tenant.erase' and actor = '" + actor + "' and resource_id = '" + owner.tenantId()
                + "'";
        Story.await("entry of the platform", () -> !"0".equals(Story.sql(count)));
        return Story.sql(count);
    }

    private static String linkIn(SmtpServer.Received mail) {
        Matcher link = LINK.matcher(
                mail.message().replace("=\r\n", "").replace("=\n", "").replace("=3D", "="));
        assertThat(link.find()).as(mail.message()).isTrue();
        return link.group(1) + "?token=" + link.group(2);
    }

    private static boolean putAside(String key) {
        String topic = "auth.tenant.events.auth-service.lifecycle.dlq";
        try (KafkaConsumer<String, byte[]> reader = new KafkaConsumer<>(
                Map.of("bootstrap.servers", KafkaBroker.shared().bootstrap()),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            if (!reader.listTopics().containsKey(topic)) {
                return false;
            }
            List<TopicPartition> partitions = reader.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
            AtomicBoolean found = new AtomicBoolean();
            while (partitions.stream().anyMatch(one -> reader.position(one) < ends.get(one))) {
                reader.poll(Duration.ofMillis(200)).forEach(message -> {
                    if (key.equals(message.key())) {
                        found.set(true);
                    }
                });
            }
            return found.get();
        }
    }
}
