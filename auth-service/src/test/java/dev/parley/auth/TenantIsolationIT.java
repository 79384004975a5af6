package dev.parley.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.crypto.SealedColumn;
import dev.parley.testing.PlatformTables;
import dev.parley.testing.SealedColumnKit;
import dev.parley.testing.TenantIsolationKit;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.util.Set;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AuthTestResource.class)
class TenantIsolationIT {
    /** People, their sessions and the keys that sign contexts belong to no tenant. */
    private static final Set<String> GLOBALS = Set.of(
            "user_account",
            "signup",
            "login_attempt",
            "browser_session",
            "ended_session",
            "login_session",
            "known_device",
            "signing_key",
            "audit_key",
            "erasure_key");

    @Inject
    @Any
    Instance<SealedColumn> sealed;

    @Test
    void everyTableHasItsLocks() throws Exception {
        try (Connection superuser = Story.superuser()) {
            assertThat(TenantIsolationKit.faults(superuser, GLOBALS)).isEmpty();
        }
    }

    @Test
    void everySealedColumnIsFoundByARotationOfKeys() throws Exception {
        try (Connection superuser = Story.superuser()) {
            assertThat(SealedColumnKit.faults(
                            superuser,
                            sealed.stream().toList(),
                            Set.of(
                                    "known_device.token_sha256",
                                    "login_attempt.state_sha256",
                                    "login_attempt.binding_sha256",
                                    "browser_session.cookie_sha256",
                                    "invitation.token_sha256",
                                    "api_key.key_sha256",
                                    "erasure.token_sha256")))
                    .isEmpty();
        }
    }

    @Test
    void theRelayRoleSeesOnlyWhatResolvesACredential() {
        for (String column : new String[] {"name", "prefix", "last_used_at"}) {
            assertThat(Story.sql(
                            "select has_column_privilege('test_relay', 'app.api_key', '" + column + "', 'select')"))
                    .as(column)
                    .isEqualTo("f");
        }
        for (String table : new String[] {"api_key", "membership", "tenant"}) {
            assertThat(Story.sql(
                            "select has_table_privilege('test_relay', 'app." + table + "', 'insert,update,delete')"))
                    .as(table)
                    .isEqualTo("f");
        }
        for (String column : new String[] {"recipient", "content", "last_error"}) {
            assertThat(Story.sql("select has_column_privilege('test_relay', 'app.mail', '" + column + "', 'select')"))
                    .as(column)
                    .isEqualTo("f");
        }
        for (String table : new String[] {
            "service_account",
            "audit_log",
            "audit_head",
            "audit_key",
            "invitation",
            "user_account",
            "browser_session",
            "signing_key"
        }) {
            assertThat(Story.sql("select has_table_privilege('test_relay', 'app." + table + "', 'select')"))
                    .as(table)
                    .isEqualTo("f");
        }
    }

    @Test
    void thePlatformsTablesAreTheOriginal() {
        assertThat(PlatformTables.migration("V0011__create_mail.sql")).isEqualTo(PlatformTables.mailSql());
        assertThat(PlatformTables.copiesThatDiffer()).isEmpty();
    }
}
