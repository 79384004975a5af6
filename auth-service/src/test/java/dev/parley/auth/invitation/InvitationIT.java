package dev.parley.auth.invitation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.auth.AuthTestResource;
import dev.parley.auth.Story;
import dev.parley.testing.SmtpServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AuthTestResource.class)
class InvitationIT {
    private static final Pattern LINK = Pattern.compile("/console/invitations/([A-Za-z0-9_-]+)");

    private static Response invite(Story.Person by, String email, String role) {
        return Story.as(by).body(Map.of("email", email, "role", role)).post("/api/v1/invitations");
    }

    /** The secret in the latest of that many mails. */
    private static String mailed(String email, int mails) {
        Story.await("the mail", () -> SmtpServer.shared().to(email).size() == mails);
        String message = SmtpServer.shared().to(email).getLast().message().replace("=\n", "");
        Matcher link = LINK.matcher(message);
        assertThat(link.find()).isTrue();
        return link.group(1);
    }

    private static Response accept(Story.Person guest, String secret) {
        return Story.as(guest).post("/api/v1/invitations/" + secret + "/acceptance");
    }

    @Test
    void theLinkInTheMailLetsTheInvitedPersonIn() {
        Story.Person owner = Story.provenNewcomer();
        Story.Person guest = Story.provenNewcomer();
        invite(owner, guest.email(), "admin").then().statusCode(201);
        String secret = mailed(guest.email(), 1);
        assertThat(SmtpServer.shared().to(guest.email()).getFirst().message())
                .contains("Asha Rao invites you to Rao & Sons on Parley");
        Story.as(owner)
                .get("/api/v1/invitations")
                .then()
                .body("items", hasSize(1))
                .body("items[0].email", equalTo(guest.email()))
                .body("items[0].expired", equalTo(false))
                .body("items[0].acceptance_url", nullValue());

        accept(guest, secret).then().statusCode(201).body("role", equalTo("admin"));

        accept(guest, secret).then().statusCode(409);
        Story.as(guest, owner.tenantId()).get("/api/v1/me").then().body("role", equalTo("admin"));
        Story.as(owner).get("/api/v1/invitations").then().body("items", hasSize(0));
        invite(owner, guest.email(), "member").then().statusCode(409).body("code", equalTo("ALREADY_MEMBER"));
        assertThat(Story.tablesContaining(secret)).isEmpty();
    }

    @Test
    void aSecondInvitationRenewsTheFirst() {
        Story.Person owner = Story.provenNewcomer();
        Story.Person guest = Story.provenNewcomer();
        String first = invite(owner, guest.email(), "member").path("id");
        String old = mailed(guest.email(), 1);

        invite(owner, guest.email().toUpperCase(java.util.Locale.ROOT), "admin")
                .then()
                .statusCode(201)
                .body("id", equalTo(first));

        String fresh = mailed(guest.email(), 2);
        accept(guest, old).then().statusCode(404);
        Story.as(owner)
                .post("/api/v1/invitations/" + first + "/resending")
                .then()
                .statusCode(200);
        String resent = mailed(guest.email(), 3);
        accept(guest, fresh).then().statusCode(404);
        accept(guest, resent).then().statusCode(201).body("role", equalTo("admin"));
    }

    @Test
    void aWithdrawnInvitationLetsNobodyIn() {
        Story.Person owner = Story.provenNewcomer();
        Story.Person guest = Story.provenNewcomer();
        String id = invite(owner, guest.email(), "member").path("id");
        String secret = mailed(guest.email(), 1);
        Story.as(Story.newcomer()).delete("/api/v1/invitations/" + id).then().statusCode(404);

        Story.as(owner).delete("/api/v1/invitations/" + id).then().statusCode(204);

        accept(guest, secret).then().statusCode(410).body("code", equalTo("INVITATION_EXPIRED"));
        Story.as(owner).delete("/api/v1/invitations/" + id).then().statusCode(404);
        Story.as(owner).post("/api/v1/invitations/" + id + "/resending").then().statusCode(404);
    }

    @Test
    void fiftyInvitationsOfOnePersonAreOneAndFiveMails() throws Exception {
        Story.Person owner = Story.provenNewcomer();
        String email = Story.freshEmail();
        String context = Story.exchange("bearer", owner.accessToken(), null).path("token");
        List<Integer> statuses = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                answers.add(threads.submit(() -> Story.with(context)
                        .body(Map.of("email", email, "role", "member"))
                        .post("/api/v1/invitations")
                        .statusCode()));
            }
            for (Future<Integer> answer : answers) {
                statuses.add(answer.get());
            }
        }

        assertThat(Collections.frequency(statuses, 201)).isEqualTo(5);
        assertThat(Collections.frequency(statuses, 429)).isEqualTo(45);
        Story.as(owner).get("/api/v1/invitations").then().body("items.email", contains(email));
        Story.await("five mails", () -> SmtpServer.shared().to(email).size() == 5);
        int wait = Integer.parseInt(invite(owner, email, "member").header("Retry-After"));
        assertThat(wait).isBetween(86_000, 86_400);
        invite(owner, Story.freshEmail(), "member").then().statusCode(201);
    }

    @Test
    void nobodyJoinsASuspendedTenant() {
        Story.Person owner = Story.provenNewcomer();
        Story.Person guest = Story.provenNewcomer();
        invite(owner, guest.email(), "member");
        String secret = mailed(guest.email(), 1);
        Story.sql("update app.tenant set status = 'suspended' where tenant_id = '" + owner.tenantId() + "'");

        accept(guest, secret).then().statusCode(403).body("code", equalTo("TENANT_SUSPENDED"));
    }

    @Test
    void unknownMembersAndAdminsInvitingOwnersAreRefused() {
        Story.Person owner = Story.provenNewcomer();
        Story.Person admin = Story.provenNewcomer();
        Story.member(owner, admin, "admin");
        for (String member : List.of("tenant_id", "credits", "user_id")) {
            Story.as(owner)
                    .body(Map.of("email", Story.freshEmail(), "role", "member", member, "1"))
                    .post("/api/v1/invitations")
                    .then()
                    .statusCode(400);
        }
        String id = invite(owner, Story.freshEmail(), "owner").path("id");
        Story.as(admin, owner.tenantId())
                .post("/api/v1/invitations/" + id + "/resending")
                .then()
                .statusCode(403)
                .body("code", equalTo("OWNER_REQUIRED"));
    }

    @Test
    void whoseOwnAddressIsNotProvenSendsNoMailToStrangers() {
        Story.Person owner = Story.newcomer();
        String stranger = Story.freshEmail();

        invite(owner, stranger, "member").then().statusCode(403).body("code", equalTo("EMAIL_NOT_VERIFIED"));
        Story.as(owner).get("/api/v1/invitations").then().body("items", hasSize(0));

        Story.keycloak("verify", Map.of("email", owner.email()));
        String id = invite(owner, stranger, "member")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        Story.Person admin = Story.newcomer();
        Story.member(owner, admin, "admin");
        Story.as(admin, owner.tenantId())
                .post("/api/v1/invitations/" + id + "/resending")
                .then()
                .statusCode(403)
                .body("code", equalTo("EMAIL_NOT_VERIFIED"));
        Story.await("the mail", () -> !SmtpServer.shared().to(stranger).isEmpty());
        assertThat(SmtpServer.shared().to(stranger)).hasSize(1);
    }

    @Test
    void whoIsJustBeingDeletedJoinsNothing() {
        Story.Person owner = Story.provenNewcomer();
        Story.Person guest = Story.provenNewcomer();
        invite(owner, guest.email(), "member").then().statusCode(201);
        String secret = mailed(guest.email(), 1);
        Story.sql("update app.user_account set leaving_at = now() where id = '" + guest.userId() + "'");

        accept(guest, secret).then().statusCode(409).body("code", equalTo("CONFLICT"));

        Story.sql("update app.user_account set leaving_at = null where id = '" + guest.userId() + "'");
        accept(guest, secret).then().statusCode(201);
    }
}
