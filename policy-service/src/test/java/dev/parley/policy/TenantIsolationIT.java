package dev.parley.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.platform.crypto.SealedColumn;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.ParleyTestResource;
import dev.parley.testing.PostgresServer;
import dev.parley.testing.SealedColumnKit;
import dev.parley.testing.TenantIsolationKit;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(ParleyTestResource.class)
class TenantIsolationIT {
    @Inject
    @Any
    Instance<SealedColumn> sealed;

    @Inject
    PolicyStory story;

    @Inject
    Database database;

    @Test
    void everyTableStandsTheWall() throws Exception {
        try (Connection superuser = PostgresServer.shared().superuser(ParleyTestResource.DATABASE)) {
            assertThat(TenantIsolationKit.faults(superuser, Set.of("policy_rules", "policy_rules_activation")))
                    .isEmpty();
        }
    }

    @Test
    void everySealedColumnIsFoundByARotationOfKeys() throws Exception {
        try (Connection superuser = PostgresServer.shared().superuser(ParleyTestResource.DATABASE)) {
            assertThat(SealedColumnKit.faults(superuser, sealed.stream().toList(), Set.of()))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "entitlement",
                "credit_account",
                "credit_lease",
                "credit_lot",
                "hold",
                "decision",
                "entitlement_version"
            })
    void withoutATenantNothingIsRead(String table) {
        assertThatThrownBy(() -> database.global(handle -> handle.createQuery("select count(*) from " + table)
                        .mapTo(Long.class)
                        .one()))
                .hasMessageContaining("no tenant in context");
    }

    @ParameterizedTest
    @ValueSource(strings = {"entitlement", "credit_account", "credit_lot", "hold", "decision", "entitlement_version"})
    void anotherTenantSeesNoRow(String table) {
        TenantId owner = story.subscribed(10);
        story.decide(owner, UUID.randomUUID());

        assertThat(count(owner, table)).isPositive();
        assertThat(count(PolicyStory.newTenant(), table)).isZero();
    }

    @Test
    void anotherTenantsOperationIsNotThere() {
        TenantId owner = story.subscribed(10);
        TenantId other = story.subscribed(10);
        UUID operation = UUID.randomUUID();
        story.decide(owner, operation);

        assertThat(story.settle(other, operation, "{\"message\":1}").status()).isEqualTo(404);
        assertThat(story.release(other, operation).status()).isEqualTo(200);
        assertThat(story.get(other, "/internal/operations/" + operation).body().get("steps"))
                .isEmpty();
        assertThat(story.credits(other).number("remaining")).isEqualTo(10);
        assertThat(story.credits(owner).number("held")).isEqualTo(1);
    }

    private long count(TenantId tenant, String table) {
        return database.inTenant(tenant, handle -> handle.createQuery("select count(*) from " + table)
                .mapTo(Long.class)
                .one());
    }
}
