package dev.parley.auth.stock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.auth.AuthTestResource;
import dev.parley.auth.Story;
import dev.parley.testing.SmtpServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AuthTestResource.class)
class StockIT {
    private static final Pattern LINK = Pattern.compile("/console/invitations/([A-Za-z0-9_-]+)");
    private static final String UUID = "[0-9a-f-]{36}";

    private static Response invite(Story.Person by, String email) {
        return Story.as(by).body(Map.of("email", email, "role", "member")).post("/api/v1/invitations");
    }

    private static String secret(String email) {
        Story.await("the mail", () -> !SmtpServer.shared().to(email).isEmpty());
        Matcher link =
                LINK.matcher(SmtpServer.shared().to(email).getLast().message().replace("=\n", ""));
        assertThat(link.find()).isTrue();
        return link.group(1);
    }

    private static Response accept(Story.Person guest, String secret) {
        return Story.as(guest).post("/api/v1/invitations/" + secret + "/acceptance");
    }

    private static Response makeKey(Story.Person person) {
        return Story.as(person)
                .body(Map.of("name", "shop", "scopes", List.of("read")))
                .post("/api/v1/api-keys");
    }

    private static Response rotate(Story.Person person, String id, int overlap) {
        return Story.as(person).body(Map.of("overlap_seconds", overlap)).post("/api/v1/api-keys/" + id + "/rotation");
    }

    /** Refused as a billable call is: by policy's reason, with the figures, the remedy and the decision. */
    private static void refused(Response answer, String stock, int limit, int used) {
        answer.then()
                .statusCode(402)
                .contentType("application/problem+json")
                .body("code", equalTo("QUOTA_EXCEEDED"))
                .body("type", equalTo("https://parley.dev/problems/quota-exceeded"))
                .body("policy.decision_id", matchesPattern(UUID))
                .body("policy.reason_code", equalTo("QUOTA_EXCEEDED"))
                .body("policy.rule_id", equalTo("plan.quotas." + stock))
                .body("policy.limit", equalTo(limit))
                .body("policy.used", equalTo(used))
                .body("policy.held", equalTo(0))
                .body("policy.remaining", equalTo(0))
                .body("policy.resets_at", nullValue())
                .body("policy.remedy", equalTo("Change to a plan with more " + stock + ", or remove one."));
    }

    private static List<Integer> atOnce(List<Callable<Integer>> calls) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Integer> statuses = new ArrayList<>();
            for (Future<Integer> answer : threads.invokeAll(calls)) {
                statuses.add(answer.get());
            }
            return statuses;
        }
    }

    private static String members(Story.Person owner) {
        return Story.sql("select count(*) from app.membership where removed_at is null and tenant_id = '"
                + owner.tenantId() + "'");
    }

    private static String waiting(Story.Person owner) {
        return Story.sql("select count(*) from app.invitation where accepted_at is null and revoked_at is null"
                + " and tenant_id = '" + owner.tenantId() + "'");
    }

    private static String keys(Story.Person owner) {
        return Story.sql(
                "select count(*) from app.api_key where revoked_at is null and tenant_id = '" + owner.tenantId() + "'");
    }

    @Test
    void asManyAreInvitedAsThereAreSeats() {
        Story.Person owner = Story.provenNewcomer();
        Story.Person guest = Story.provenNewcomer();
        String third = Story.freshEmail();
        Story.policy(owner.tenantId(), Map.of("seats", 2));
        String id =
                invite(owner, guest.email()).then().statusCode(201).extract().path("id");

        refused(invite(owner, third), "seats", 2, 2);

        assertThat(SmtpServer.shared().to(third)).isEmpty();
        assertThat(waiting(owner)).isEqualTo("1");
        invite(owner, guest.email()).then().statusCode(201).body("id", equalTo(id));
        Story.as(owner).post("/api/v1/invitations/" + id + "/resending").then().statusCode(200);
        accept(guest, secretOf(guest.email(), 3)).then().statusCode(201);
        refused(invite(owner, third), "seats", 2, 2);
        Story.as(owner).delete("/api/v1/members/" + guest.userId()).then().statusCode(204);
        invite(owner, third).then().statusCode(201);
        assertThat(Story.askedPolicy(owner.tenantId()))
                .containsExactly(
                        "{\"seats\":1}",
                        "{\"seats\":2}",
                        "{\"seats\":1}",
                        "{\"seats\":1}",
                        "{\"seats\":1}",
                        "{\"seats\":2}",
                        "{\"seats\":1}");
    }

    private static String secretOf(String email, int mails) {
        Story.await("the mail", () -> SmtpServer.shared().to(email).size() == mails);
        return secret(email);
    }

    @Test
    void whoWasInvitedInTimeOrIsWithdrawnKeepsNoSeat() {
        Story.Person owner = Story.provenNewcomer();
        Story.policy(owner.tenantId(), Map.of("seats", 2));
        String late = invite(owner, Story.freshEmail())
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        Story.sql("update app.invitation set expires_at = now() - interval '1 second' where id = '" + late + "'");
        String withdrawn = invite(owner, Story.freshEmail())
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        refused(Story.as(owner).post("/api/v1/invitations/" + late + "/resending"), "seats", 2, 2);
        Story.as(owner).delete("/api/v1/invitations/" + withdrawn).then().statusCode(204);

        Story.as(owner)
                .post("/api/v1/invitations/" + late + "/resending")
                .then()
                .statusCode(200);
    }

    @Test
    void whenThePlanHasFewerSeatsThanWereInvitedTheFirstComeGetThem() {
        Story.Person owner = Story.provenNewcomer();
        Story.Person first = Story.provenNewcomer();
        Story.Person second = Story.provenNewcomer();
        Story.policy(owner.tenantId(), Map.of("seats", 3));
        invite(owner, first.email()).then().statusCode(201);
        invite(owner, second.email()).then().statusCode(201);

        Story.policy(owner.tenantId(), Map.of("seats", 2));
        accept(first, secret(first.email())).then().statusCode(201);
        refused(accept(second, secret(second.email())), "seats", 2, 2);

        assertThat(members(owner)).isEqualTo("2");
        assertThat(waiting(owner)).isEqualTo("1");
        Story.policy(owner.tenantId(), Map.of("seats", 3));
        accept(second, secret(second.email())).then().statusCode(201);
        assertThat(Story.askedPolicy(owner.tenantId()))
                .containsExactly("{\"seats\":1}", "{\"seats\":2}", "{\"seats\":1}", "{\"seats\":2}", "{\"seats\":2}");
    }

    @Test
    void ofEightInvitationsAtOnceOneGetsTheLastSeat() throws Exception {
        Story.Person owner = Story.provenNewcomer();
        String context = Story.exchange("bearer", owner.accessToken(), null).path("token");
        Story.policy(owner.tenantId(), Map.of("seats", 2, "gather", 8));

        List<Integer> statuses = atOnce(IntStream.range(0, 8)
                .<Callable<Integer>>mapToObj(any -> () -> Story.with(context)
                        .body(Map.of("email", Story.freshEmail(), "role", "member"))
                        .post("/api/v1/invitations")
                        .statusCode())
                .toList());

        assertThat(Collections.frequency(statuses, 201)).isEqualTo(1);
        assertThat(Collections.frequency(statuses, 402)).isEqualTo(7);
        assertThat(waiting(owner)).isEqualTo("1");
        assertThat(Collections.frequency(Story.askedPolicy(owner.tenantId()), "{\"seats\":1}"))
                .isEqualTo(8);
        assertThat(Collections.frequency(Story.askedPolicy(owner.tenantId()), "{\"seats\":2}"))
                .isEqualTo(7);
    }

    @Test
    void ofTwoWhoComeAtOnceOneGetsTheLastSeat() throws Exception {
        Story.Person owner = Story.provenNewcomer();
        List<Story.Person> guests = List.of(Story.provenNewcomer(), Story.provenNewcomer());
        guests.forEach(guest -> invite(owner, guest.email()).then().statusCode(201));
        Story.policy(owner.tenantId(), Map.of("seats", 2, "gather", 2));

        List<Integer> statuses = atOnce(guests.stream()
                .<Callable<Integer>>map(guest -> {
                    String secret = secret(guest.email());
                    String context =
                            Story.exchange("bearer", guest.accessToken(), null).path("token");
                    return () -> Story.with(context)
                            .post("/api/v1/invitations/" + secret + "/acceptance")
                            .statusCode();
                })
                .toList());

        assertThat(statuses).containsExactlyInAnyOrder(201, 402);
        assertThat(members(owner)).isEqualTo("2");
    }

    @Test
    void asManyKeysWorkAsThePlanHas() {
        Story.Person person = Story.newcomer();
        Story.policy(person.tenantId(), Map.of("keys", 2));
        String first = makeKey(person).then().statusCode(201).extract().path("id");
        String second = makeKey(person).then().statusCode(201).extract().path("id");

        refused(makeKey(person), "keys", 2, 2);

        assertThat(keys(person)).isEqualTo("2");
        Story.sql("update app.api_key set expires_at = now() - interval '1 second' where id = '" + first + "'");
        makeKey(person).then().statusCode(201);
        refused(makeKey(person), "keys", 2, 2);
        Story.as(person).delete("/api/v1/api-keys/" + second).then().statusCode(204);
        makeKey(person).then().statusCode(201);
        assertThat(Story.askedPolicy(person.tenantId()))
                .containsExactly(
                        "{\"keys\":0}", "{\"keys\":1}", "{\"keys\":2}", "{\"keys\":1}", "{\"keys\":2}", "{\"keys\":1}");
    }

    @Test
    void theOnlyKeyOfAPlanCanBeRotatedButNotMultiplied() {
        Story.Person person = Story.newcomer();
        Story.policy(person.tenantId(), Map.of("keys", 1));
        String old = makeKey(person).path("id");

        String fresh = rotate(person, old, 600).then().statusCode(201).extract().path("id");

        refused(rotate(person, old, 600), "keys", 1, 1);
        refused(rotate(person, fresh, 600), "keys", 1, 1);
        refused(makeKey(person), "keys", 1, 2);
        assertThat(keys(person)).isEqualTo("2");
        assertThat(Story.askedPolicy(person.tenantId()))
                .containsExactly("{\"keys\":0}", "{\"keys\":0}", "{\"keys\":1}", "{\"keys\":1}", "{\"keys\":2}");
        Story.policy(person.tenantId(), Map.of("keys", 1, "inactive", true));
        String last = rotate(person, fresh, 0).then().statusCode(201).extract().path("id");
        assertThat(Story.askedPolicy(person.tenantId())).hasSize(5);
        Story.as(person)
                .get("/api/v1/api-keys")
                .then()
                .body("items", hasSize(2))
                .body("items[1].id", equalTo(last));
    }

    @Test
    void ofEightKeysAtOnceOneIsMade() throws Exception {
        Story.Person person = Story.newcomer();
        String context = Story.exchange("bearer", person.accessToken(), null).path("token");
        Story.policy(person.tenantId(), Map.of("keys", 1, "gather", 8));

        List<Integer> statuses = atOnce(Stream.generate(() -> (Callable<Integer>) () -> Story.with(context)
                        .body(Map.of("name", "shop", "scopes", List.of("read")))
                        .post("/api/v1/api-keys")
                        .statusCode())
                .limit(8)
                .toList());

        assertThat(Collections.frequency(statuses, 201)).isEqualTo(1);
        assertThat(Collections.frequency(statuses, 402)).isEqualTo(7);
        assertThat(keys(person)).isEqualTo("1");
    }

    @Test
    void aPlanThatNamesNoSuchQuotaHasNoLimit() {
        Story.Person owner = Story.provenNewcomer();
        Story.policy(owner.tenantId(), Map.of("tasks", 1));
        for (int i = 0; i < 4; i++) {
            makeKey(owner).then().statusCode(201);
            invite(owner, Story.freshEmail()).then().statusCode(201);
        }

        assertThat(keys(owner)).isEqualTo("4");
        assertThat(waiting(owner)).isEqualTo("4");
    }

    @Test
    void whatPolicyForbidsIsPassedOn() {
        Story.Person owner = Story.provenNewcomer();
        Story.policy(owner.tenantId(), Map.of("inactive", true));

        for (Response answer : List.of(makeKey(owner), invite(owner, Story.freshEmail()))) {
            answer.then()
                    .statusCode(403)
                    .body("code", equalTo("SUBSCRIPTION_INACTIVE"))
                    .body("policy.decision_id", matchesPattern(UUID))
                    .body("policy.limit", nullValue())
                    .body("policy.remedy", equalTo("Subscribe to a plan."));
        }

        assertThat(keys(owner)).isEqualTo("0");
        assertThat(waiting(owner)).isEqualTo("0");
    }

    @Test
    void withoutPolicyNothingIsAddedAndNobodyWaits() throws Exception {
        Story.Person owner = Story.provenNewcomer();
        Story.Person guest = Story.provenNewcomer();
        invite(owner, guest.email()).then().statusCode(201);
        String secret = secret(guest.email());
        String context = Story.exchange("bearer", owner.accessToken(), null).path("token");
        Story.policy(owner.tenantId(), Map.of("silent", true));
        try {
            // Policy was heard of lately, so it would be taken for busy.
            Thread.sleep(2_100);

            Duration fastest = Duration.ofDays(1);
            for (int i = 0; i < 3; i++) {
                Instant start = Instant.now();
                Response answer = Story.with(context)
                        .body(Map.of("name", "shop", "scopes", List.of("read")))
                        .post("/api/v1/api-keys");
                Duration took = Duration.between(start, Instant.now());
                fastest = took.compareTo(fastest) < 0 ? took : fastest;
                answer.then().statusCode(503).header("Retry-After", "1").body("code", equalTo("UNAVAILABLE"));
            }
            assertThat(fastest)
                    .as("less than the five seconds that an answer may take")
                    .isLessThan(Duration.ofSeconds(4));
            invite(owner, Story.freshEmail()).then().statusCode(503);
            accept(guest, secret).then().statusCode(503);
        } finally {
            Story.policy(owner.tenantId(), Map.of());
        }

        assertThat(keys(owner)).isEqualTo("0");
        assertThat(waiting(owner)).isEqualTo("1");
        assertThat(members(owner)).isEqualTo("1");
        makeKey(owner).then().statusCode(201);
        accept(guest, secret).then().statusCode(201);
    }

    @Test
    void policyIsNotAskedForWhatCannotBe() {
        Story.Person owner = Story.provenNewcomer();
        Story.Person guest = Story.provenNewcomer();
        Story.Person other = Story.provenNewcomer();
        invite(owner, guest.email()).then().statusCode(201);
        String secret = secret(guest.email());
        int asked = Story.askedPolicy(owner.tenantId()).size();

        accept(other, secret).then().statusCode(403).body("code", equalTo("INVITATION_FOR_ANOTHER_PERSON"));
        invite(owner, owner.email()).then().statusCode(409).body("code", equalTo("ALREADY_MEMBER"));
        rotate(owner, other.userId(), 60).then().statusCode(404);

        assertThat(Story.askedPolicy(owner.tenantId())).hasSize(asked);
    }
}
