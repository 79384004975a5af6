package dev.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.crypto.SealedColumn;
import java.sql.Connection;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SealedColumnKitIT {
    private static final String DATABASE = "sealed_column_kit_it";

    @Test
    void eachWayToForgetAColumnIsFound() throws Exception {
        TestDatabase.create(DATABASE, 1);
        PostgresServer.shared().execute(DATABASE, """
                create table app.letter (tenant_id uuid, id uuid, sealed bytea, digest bytea);
                create table app.card (tenant_id uuid, id uuid, sealed bytea);
                create table app.lamp (id uuid, sealed bytea);
                grant select, insert, update on app.letter, app.lamp to test_app;
                grant select, insert on app.card to test_app;
                """);

        try (Connection superuser = PostgresServer.shared().superuser(DATABASE)) {
            assertThat(SealedColumnKit.faults(
                            superuser,
                            List.of(SealedColumn.of("letter", "sealed"), SealedColumn.ofPlatform("lamp", "sealed")),
                            Set.of("letter.digest", "card.sealed")))
                    .isEmpty();
            assertThat(SealedColumnKit.faults(
                            superuser,
                            List.of(
                                    SealedColumn.of("letter", "sealed").identifiedBy("number"),
                                    SealedColumn.of("lamp", "sealed"),
                                    SealedColumn.of("card", "sealed"),
                                    SealedColumn.of("note", "text")),
                            Set.of("note.hash")))
                    .containsExactlyInAnyOrder(
                            "letter.digest is neither sealed nor said to be something else",
                            "letter.sealed cannot be encrypted anew by the service's role",
                            "lamp.sealed cannot be encrypted anew by the service's role",
                            "card.sealed cannot be encrypted anew by the service's role",
                            "note.text is sealed and is no column of bytes",
                            "note.hash is said to be bytes and is not there");
        }
    }
}
