package dev.parley.auth.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.parley.auth.AuthTestResource;
import dev.parley.auth.Story;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AuthTestResource.class)
class MemberIT {
    private static Response invite(Story.Person by, String email, String role) {
        verify(by);
        return Story.as(by, by.tenantId())
                .body(Map.of("email", email, "role", role))
                .post("/api/v1/invitations");
    }

    private static void join(Story.Person owner, Story.Person guest, String role) {
        Response invitation = invite(owner, guest.email(), role);
        invitation.then().statusCode(201);
        verify(guest);
        Story.as(guest).post(path(invitation)).then().statusCode(201).body("tenant_id", equalTo(owner.tenantId()));
    }

    private static void verify(Story.Person person) {
        Story.keycloak("verify", Map.of("email", person.email()));
    }

    private static String path(Response invitation) {
        return URI.create(invitation.path("acceptance_url")).getPath();
    }

    private static Response change(Story.Person by, String userId, String role) {
        return Story.as(by).body(Map.of("role", role)).patch("/api/v1/members/" + userId);
    }

    @Test
    void theLastOwnerStays() {
        Story.Person owner = Story.newcomer();

        change(owner, owner.userId(), "member").then().statusCode(409).body("code", equalTo("LAST_OWNER"));
        Story.as(owner).delete("/api/v1/members/" + owner.userId()).then().statusCode(409);

        Story.as(owner).get("/api/v1/members").then().body("items", hasSize(1)).body("items[0].role", equalTo("owner"));
    }

    @Test
    void anInvitedPersonBelongsToBothTenantsAndChoosesByHeader() {
        Story.Person owner = Story.newcomer();
        Story.Person guest = Story.newcomer();

        join(owner, guest, "member");

        Story.as(guest)
                .get("/api/v1/me")
                .then()
                .body("tenant_id", equalTo(guest.tenantId()))
                .body("memberships", hasSize(2));
        Story.as(guest, owner.tenantId())
                .get("/api/v1/me")
                .then()
                .body("tenant_id", equalTo(owner.tenantId()))
                .body("role", equalTo("member"));
        Story.as(guest, owner.tenantId()).get("/api/v1/api-keys").then().statusCode(403);
        Story.as(owner).get("/api/v1/members").then().body("items", hasSize(2));
    }

    @Test
    void anInvitationIsForOnePersonOnce() {
        Story.Person owner = Story.newcomer();
        Story.Person guest = Story.newcomer();
        Response invitation = invite(owner, guest.email().toUpperCase(java.util.Locale.ROOT), "admin");

        Story.Person stranger = Story.newcomer();
        verify(stranger);
        Story.as(stranger)
                .post(path(invitation))
                .then()
                .statusCode(403)
                .body("code", equalTo("INVITATION_FOR_ANOTHER_PERSON"));
        Story.as(guest).post(path(invitation)).then().statusCode(403).body("code", equalTo("EMAIL_NOT_VERIFIED"));
        verify(guest);
        Story.as(guest).post(path(invitation)).then().statusCode(201).body("role", equalTo("admin"));
        Story.as(guest)
                .post(path(invitation))
                .then()
                .statusCode(409)
                .body("code", equalTo("INVITATION_ALREADY_ACCEPTED"));
        Story.as(guest).post("/api/v1/invitations/nonsense/acceptance").then().statusCode(404);
        String secret = path(invitation).split("/")[4];
        assertThat(Story.tablesContaining(secret)).isEmpty();
    }

    @Test
    void anInvitationExpires() {
        Story.Person owner = Story.newcomer();
        Story.Person guest = Story.newcomer();
        Response invitation = invite(owner, guest.email(), "member");
        verify(guest);
        Story.sql("update app.invitation set expires_at = now() - interval '1 second' where id = '"
                + invitation.path("id") + "'");

        Story.as(guest).post(path(invitation)).then().statusCode(410).body("code", equalTo("INVITATION_EXPIRED"));
    }

    @Test
    void onlyOwnersMakeAndUnmakeOwners() {
        Story.Person owner = Story.newcomer();
        Story.Person admin = Story.newcomer();
        join(owner, admin, "admin");

        Story.as(admin, owner.tenantId())
                .body(Map.of("role", "owner"))
                .patch("/api/v1/members/" + admin.userId())
                .then()
                .statusCode(403)
                .body("code", equalTo("OWNER_REQUIRED"));
        Story.as(admin, owner.tenantId())
                .delete("/api/v1/members/" + owner.userId())
                .then()
                .statusCode(403);
        Story.as(admin, owner.tenantId())
                .body(Map.of("email", Story.freshEmail(), "role", "owner"))
                .post("/api/v1/invitations")
                .then()
                .statusCode(403)
                .body("code", equalTo("OWNER_REQUIRED"));
    }

    @Test
    void nobodyRaisesItselfAndAnOldTokenRaisesNobody() {
        Story.Person owner = Story.newcomer();
        Story.Person admin = Story.newcomer();
        Story.Person member = Story.newcomer();
        Story.member(owner, admin, "admin");
        Story.member(owner, member, "member");
        var oldToken = Story.as(admin, owner.tenantId());
        Story.as(member, owner.tenantId())
                .body(Map.of("role", "admin"))
                .patch("/api/v1/members/" + member.userId())
                .then()
                .statusCode(403);

        change(owner, admin.userId(), "member").then().statusCode(200).body("role", equalTo("member"));

        oldToken.body(Map.of("role", "admin"))
                .patch("/api/v1/members/" + admin.userId())
                .then()
                .statusCode(403);
        oldToken.delete("/api/v1/members/" + member.userId()).then().statusCode(403);
        change(owner, admin.userId(), "member").then().statusCode(200);
        for (String unknown : List.of("tenant_id", "credits", "user_id")) {
            Story.as(owner)
                    .body(Map.of("role", "admin", unknown, "1"))
                    .patch("/api/v1/members/" + admin.userId())
                    .then()
                    .statusCode(400);
        }
    }

    @Test
    void anOwnerHandsOverAndStaysAsAdmin() {
        Story.Person owner = Story.newcomer();
        Story.Person heir = Story.newcomer();
        Story.member(owner, heir, "member");
        String path = "/api/v1/tenant/ownership-transfer";
        Story.as(heir, owner.tenantId())
                .body(Map.of("user_id", heir.userId()))
                .post(path)
                .then()
                .statusCode(403);
        Story.as(owner)
                .body(Map.of("user_id", owner.userId()))
                .post(path)
                .then()
                .statusCode(409);
        Story.as(owner)
                .body(Map.of("user_id", Story.newcomer().userId()))
                .post(path)
                .then()
                .statusCode(404);
        var oldToken = Story.as(owner);

        Story.as(owner)
                .body(Map.of("user_id", heir.userId()))
                .post(path)
                .then()
                .statusCode(200)
                .body("user_id", equalTo(heir.userId()))
                .body("email", equalTo(heir.email()))
                .body("role", equalTo("owner"));

        Story.as(owner).get("/api/v1/me").then().body("role", equalTo("admin"));
        oldToken.body(Map.of("user_id", heir.userId())).post(path).then().statusCode(403);
        Story.as(owner).delete("/api/v1/members/" + owner.userId()).then().statusCode(204);
        Story.exchange("bearer", owner.accessToken(), owner.tenantId()).then().statusCode(403);
        Story.await(
                "member-changed",
                () -> Story.events(owner.tenantId(), "auth.member-changed.v1").size() == 2);
        Story.await(
                "the audit entries",
                () -> Story.as(heir, owner.tenantId())
                                .get("/api/v1/audit-log?action=member.change")
                                .<List<?>>path("items")
                                .size()
                        == 2);
        Story.as(heir, owner.tenantId())
                .get("/api/v1/audit-log?action=member.change")
                .then()
                .body("items.before.role", containsInAnyOrder("member", "owner"))
                .body("items.after.role", containsInAnyOrder("owner", "admin"));
    }

    @Test
    void twoOwnersWhoLeaveAtOnceLeaveOne() throws Exception {
        Story.Person one = Story.newcomer();
        Story.Person two = Story.newcomer();
        join(one, two, "owner");
        var leaveOne = Story.as(one, one.tenantId());
        var leaveTwo = Story.as(two, one.tenantId());

        List<Integer> statuses;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> first = threads.submit(
                    () -> leaveOne.delete("/api/v1/members/" + one.userId()).statusCode());
            Future<Integer> second = threads.submit(
                    () -> leaveTwo.delete("/api/v1/members/" + two.userId()).statusCode());
            statuses = List.of(first.get(), second.get());
        }

        assertThat(statuses).containsExactlyInAnyOrder(204, 409);
    }

    @Test
    void aRemovedMemberHasNoWayIn() {
        Story.Person owner = Story.newcomer();
        Story.Person guest = Story.newcomer();
        join(owner, guest, "member");
        Story.exchange("bearer", guest.accessToken(), owner.tenantId()).then().statusCode(200);

        Story.as(owner).delete("/api/v1/members/" + guest.userId()).then().statusCode(204);

        Story.exchange("bearer", guest.accessToken(), owner.tenantId()).then().statusCode(403);
        Story.as(owner).delete("/api/v1/members/" + guest.userId()).then().statusCode(404);
        Story.await("member-removed", () -> !Story.events(owner.tenantId(), "auth.member-removed.v1")
                .isEmpty());
        assertThat(Story.events(owner.tenantId(), "auth.member-removed.v1"))
                .containsExactly("{\"role\": \"member\", \"user_id\": \"%s\", \"tenant_id\": \"%s\"}"
                        .formatted(guest.userId(), owner.tenantId()));
        join(owner, guest, "admin");
        Story.exchange("bearer", guest.accessToken(), owner.tenantId()).then().statusCode(200);
    }

    @Test
    void strangersAndOddRolesAreRefused() {
        Story.Person owner = Story.newcomer();

        change(owner, Story.newcomer().userId(), "member").then().statusCode(404);
        change(owner, owner.userId(), "king").then().statusCode(422).body("errors[0].pointer", equalTo("/role"));
        invite(owner, "nobody", "member").then().statusCode(422).body("errors[0].pointer", equalTo("/email"));
    }
}
