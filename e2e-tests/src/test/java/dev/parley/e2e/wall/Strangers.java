package dev.parley.e2e.wall;

import dev.parley.e2e.support.Api;
import dev.parley.e2e.wall.Principal.Standing;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Everybody who must not see tenant A. */
record Strangers(Household b, Principal owner, List<Principal> all) {
    /** Brings them together: tenant B with its people and keys, a suspended tenant's owner, staff, and nobodies. */
    static Strangers gather(Contract contract) {
        Household b = Household.signUp(contract).seed();
        Household suspended = Household.signUp(contract);
        Api staff = Api.platformAdmin();
        staff.post("/api/v1/admin/tenants/" + suspended.tenantId() + "/suspension", Map.of("reason", "wall test"))
                .expect(200);
        Principal owner = new Principal("owner of B", b.owner(), Standing.OF_A_TENANT, Principal.OWNER_ROLES);
        return new Strangers(
                b,
                owner,
                List.of(
                        owner,
                        new Principal(
                                "member of B", Invitations.member(b), Standing.OF_A_TENANT, Principal.MEMBER_ROLES),
                        key(b, "chat"),
                        key(b, "read"),
                        key(b, "write"),
                        new Principal("owner of a suspended tenant", suspended.owner(), Standing.LOCKED_OUT, Set.of()),
                        new Principal("staff without a reason", staff, Standing.STAFF, Set.of("platform-admin")),
                        Principal.unknown("anonymous", Api.anonymous()),
                        Principal.unknown("expired token", RealmKey.expired(b.owner()))));
    }

    /** Those with a credential that counts. */
    List<Principal> known() {
        return all.stream().filter(one -> one.standing() != Standing.UNKNOWN).toList();
    }

    private static Principal key(Household tenant, String scope) {
        return Principal.key(
                scope,
                Api.key(tenant.owner()
                        .post("/api/v1/api-keys", Map.of("name", "wall " + scope, "scopes", List.of(scope)))
                        .expect(201)
                        .text("key")));
    }
}
