package dev.parley.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.platform.crypto.SealedColumn;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.ParleyTestResource;
import dev.parley.testing.SealedColumnKit;
import dev.parley.testing.TenantIsolationKit;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ParleyTestResource.class)
@QuarkusTestResource(FakeVendors.class)
class TenantIsolationIT {
    private static final Set<String> CATALOGUE =
            Set.of("agent", "llm_provider", "experiment", "prompt_guard", "prompt_figures", "runner");

    @Inject
    @Any
    Instance<SealedColumn> sealed;

    @Test
    void everyTenantTableHasAllItsLocks() throws SQLException {
        try (Connection superuser = AgentFixtures.superuser()) {
            assertThat(TenantIsolationKit.faults(superuser, CATALOGUE)).isEmpty();
        }
    }

    @Test
    void everySealedColumnIsFoundByARotationOfKeys() throws Exception {
        try (Connection superuser = AgentFixtures.superuser()) {
            assertThat(SealedColumnKit.faults(
                            superuser,
                            sealed.stream().toList(),
                            Set.of("kept_answer.question", "conversation_memory.until", "tool_approval.fingerprint")))
                    .isEmpty();
        }
    }

    @Test
    void aRunIsInvisibleToAnotherTenantAndToNoTenant() throws SQLException {
        // Given
        TenantId owner = AgentFixtures.aTenant();
        Map<String, Object> request = AgentFixtures.run(AgentFixtures.readyAgent(), AgentFixtures.aText("ok"));
        AgentFixtures.post(owner, request).then().statusCode(200);
        String path = "/internal/operations/" + request.get("operation_id");

        // When / Then
        assertThat(AgentFixtures.service(owner).get(path).<java.util.List<?>>path("steps"))
                .hasSize(4);
        assertThat(AgentFixtures.service(AgentFixtures.aTenant()).get(path).<java.util.List<?>>path("steps"))
                .isEmpty();
        try (Connection app = AgentFixtures.appRole();
                Statement statement = app.createStatement()) {
            assertThatThrownBy(() -> statement.executeQuery("select count(*) from run"))
                    .hasMessageContaining("no tenant in context");
            statement.execute("select set_config('app.tenant_id', '" + AgentFixtures.aTenant() + "', false)");
            try (ResultSet count = statement.executeQuery("select count(*) from run")) {
                count.next();
                assertThat(count.getInt(1)).isZero();
            }
        }
    }
}
