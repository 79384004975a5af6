package dev.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.lifecycle.TenantData;
import dev.parley.platform.lifecycle.TenantTable;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the kit must find, each in a declaration or a database that has just that fault. */
class TenantDataKitIT {
    private static final String DATABASE = "tenant_data_kit_it";
    private static final TenantTable NOTE =
            TenantTable.named("note").exported("notes", "id", "id, text").retained("notes", "text < 'b'");

    @BeforeAll
    static void create() throws Exception {
        TestDatabase.create(DATABASE, 1);
    }

    @Test
    void aTableThatIsDeclaredWhollyHasNoFault() throws Exception {
        assertThat(faults(NOTE)).isEmpty();
    }

    @Test
    void aForgottenTableAndOneThatIsGoneAreFound() throws Exception {
        assertThat(faults()).containsExactly("note is not declared: how is it exported, erased and retained?");
        assertThat(faults(NOTE, TenantTable.named("gone").notExported("x").notRetained("y")))
                .containsExactly("gone is declared and does not exist");
    }

    @Test
    void silenceAboutExportOrRetentionIsFound() throws Exception {
        assertThat(faults(TenantTable.named("note").notRetained("y")))
                .containsExactly("note must be exported, or say why not");
        assertThat(faults(TenantTable.named("note").notExported("x")))
                .containsExactly("note must have a period, or say why not");
    }

    @Test
    void aSecretAndAnUnknownColumnInAnExportAreFound() throws Exception {
        PostgresServer.shared().execute(DATABASE, "alter table app.note add column key_sha256 text");
        assertThat(faults(TenantTable.named("note")
                        .exported("notes", "id", "id, key_sha256, colour")
                        .notRetained("y")))
                .containsExactly(
                        "note exports key_sha256, which may be a secret", "note exports colour, which does not exist");
    }

    @Test
    void aTableThatTheEraserCannotReachAndAWrongOrderAreFound() throws Exception {
        PostgresServer.shared().execute(DATABASE, """
                create table app.leaf (tenant_id uuid not null, id uuid not null, primary key (tenant_id, id),
                  foreign key (tenant_id, id) references app.note (tenant_id, id))
                """);
        try {
            TenantTable leaf = TenantTable.named("leaf").notExported("x").notRetained("y");
            assertThat(faults(NOTE, leaf))
                    .containsExactlyInAnyOrder(
                            "note is erased before leaf, which refers to it",
                            "leaf: the eraser role may not delete from it");
        } finally {
            PostgresServer.shared().execute(DATABASE, "drop table app.leaf");
        }
    }

    private static List<String> faults(TenantTable... tables) throws Exception {
        TenantData data = () -> List.of(tables);
        try (Connection superuser = PostgresServer.shared().superuser(DATABASE)) {
            return TenantDataKit.faults(superuser, data);
        }
    }
}
