package dev.parley.auth.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.auth.member.Membership;
import dev.parley.auth.member.Role;
import dev.parley.auth.tenant.TenantStatus;
import dev.parley.platform.tenancy.TenantId;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MembershipChoiceTest {
    private static final Membership STOPPED = membership(TenantStatus.SUSPENDED);
    private static final Membership FIRST = membership(TenantStatus.ACTIVE);
    private static final Membership SECOND = membership(TenantStatus.ACTIVE);

    private static Membership membership(TenantStatus status) {
        return new Membership(new TenantId(UUID.randomUUID()), "Tenant", status, Role.MEMBER);
    }

    @Test
    void theOldestThatMayWorkIsChosen() {
        assertThat(ExchangeFlow.choose(List.of(STOPPED, FIRST, SECOND), null, false))
                .contains(FIRST);
    }

    @Test
    void theWantedOneIsChosen() {
        assertThat(ExchangeFlow.choose(List.of(FIRST, SECOND), SECOND.tenant().toString(), false))
                .contains(SECOND);
    }

    @Test
    void aSuspendedOneIsRefusedAlsoToStaff() {
        for (boolean staff : new boolean[] {true, false}) {
            assertThatThrownBy(() -> ExchangeFlow.choose(
                            List.of(STOPPED, FIRST), STOPPED.tenant().toString(), staff))
                    .hasMessageContaining("TENANT_SUSPENDED");
        }
        assertThatThrownBy(() -> ExchangeFlow.choose(List.of(STOPPED), null, false))
                .hasMessageContaining("TENANT_SUSPENDED");
        assertThat(ExchangeFlow.choose(List.of(STOPPED), null, true)).isEmpty();
    }

    @Test
    void aDeletedOneIsOpenedForItsOwnersAlone() {
        Membership owned = new Membership(FIRST.tenant(), "Tenant", TenantStatus.DELETED, Role.OWNER);
        Membership used = new Membership(FIRST.tenant(), "Tenant", TenantStatus.DELETED, Role.ADMIN);

        assertThat(ExchangeFlow.choose(List.of(SECOND, owned), owned.tenant().toString(), false))
                .contains(owned);
        assertThat(ExchangeFlow.choose(List.of(owned, SECOND), null, false)).contains(SECOND);
        assertThat(ExchangeFlow.choose(List.of(STOPPED, owned), null, false)).contains(owned);
        assertThatThrownBy(() -> ExchangeFlow.choose(List.of(used), null, false))
                .hasMessageContaining("TENANT_DELETED");
        assertThatThrownBy(
                        () -> ExchangeFlow.choose(List.of(used), used.tenant().toString(), true))
                .hasMessageContaining("TENANT_DELETED");
    }

    @Test
    void scopesFollowTheRole() {
        assertThat(Role.MEMBER.scopes()).containsExactlyInAnyOrder("chat", "read");
        assertThat(Role.ADMIN.scopes()).containsExactlyInAnyOrder("chat", "read", "write");
        assertThat(Role.OWNER.scopes()).containsExactlyInAnyOrder("chat", "read", "write");
    }

    @Test
    void aPersonWithoutTenantsGetsNone() {
        assertThat(ExchangeFlow.choose(List.of(), null, false)).isEmpty();
        assertThatThrownBy(() -> ExchangeFlow.choose(List.of(), FIRST.tenant().toString(), false))
                .hasMessageContaining("FORBIDDEN");
    }

    @Test
    void rolesIncludeTheLowerOnes() {
        assertThat(Role.OWNER.withIncluded()).containsExactly("owner", "admin", "member");
        assertThat(Role.ADMIN.withIncluded()).containsExactly("admin", "member");
        assertThat(Role.MEMBER.withIncluded()).containsExactly("member");
    }
}
