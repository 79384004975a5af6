package dev.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenantIsolationKitIT {
    private static final String DATABASE = "isolation_kit_it";
    private Connection superuser;

    @BeforeAll
    static void create() throws Exception {
        TestDatabase.create(DATABASE, 1);
    }

    @BeforeEach
    void begin() throws Exception {
        superuser = PostgresServer.shared().superuser(DATABASE);
        superuser.setAutoCommit(false);
    }

    @AfterEach
    void rollBack() throws Exception {
        superuser.rollback();
        superuser.close();
    }

    @Test
    void platformsTablesStandTheWall() throws Exception {
        assertThat(TenantIsolationKit.faults(superuser, Set.of())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alter table note no force row level security | note: row level security is not forced",
                "alter table note disable row level security | note: row level security is not enabled",
                "drop policy note_tenant_isolation on note | note: no policy for all commands with USING and WITH CHECK through app.tenant()",
                "alter policy note_tenant_isolation on note with check (true) | note: no policy for all commands with USING and WITH CHECK through app.tenant()",
                "create policy open on note for select using (true) | note: policy open lets every tenant through to public",
                "create unique index note_text_uq on note (text) | note: note_text_uq is unique but does not start with tenant_id",
                "create table child (tenant_id uuid not null, id uuid not null, note_id uuid, primary key (tenant_id, id)); alter table note add constraint note_id_uq unique (id); alter table child add constraint child_note_fk foreign key (note_id) references note (id) | child: foreign key child_note_fk does not include tenant_id",
                "create table orphan (id uuid primary key) | orphan has no tenant_id and is not on the list of global tables",
                "alter table note drop constraint note_pkey | note: no primary key",
                "create table loose (tenant_id uuid, id uuid) | loose: tenant_id may be null",
                "create view all_notes as select * from note | all_notes: view without security_invoker",
                "create function peek() returns int language sql security definer as 'select 1' | function peek is SECURITY DEFINER",
                "alter role test_app bypassrls | role test_app is superuser or bypasses row level security",
                "alter table note owner to test_app | role test_app owns note",
                "grant truncate on note to test_app | role test_app may truncate note"
            })
    void eachMissingGuardIsFound(String mutation, String fault) throws Exception {
        try (var statement = superuser.createStatement()) {
            statement.execute(mutation);
        }

        assertThat(TenantIsolationKit.faults(superuser, Set.of())).contains(fault);
    }
}
