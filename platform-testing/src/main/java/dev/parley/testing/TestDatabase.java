package dev.parley.testing;

import dev.parley.platform.data.Database;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.exceptionsorter.PostgreSQLExceptionSorter;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.sql.SQLException;
import java.time.Duration;

/** A database with the platform's tables and one tenant table, reached like in production. */
public final class TestDatabase {
    private TestDatabase() {}

    /** Creates the database and opens it with pools of that size. */
    public static Database create(String name, int pool) throws SQLException {
        PostgresServer.shared().createDatabase(name);
        PlatformTables.create(name);
        try (var migrator = PostgresServer.shared().connect(name, PostgresServer.MIGRATOR);
                var statement = migrator.createStatement()) {
            statement.execute("""
                    create table note (tenant_id uuid not null, id uuid not null, text text not null, primary key (tenant_id, id));
                    alter table note enable row level security;
                    alter table note force row level security;
                    create policy note_tenant_isolation on note for all using (tenant_id = (select app.tenant()))
                      with check (tenant_id = (select app.tenant()));
                    grant select, insert, update, delete on note to test_app;
                    grant select, delete on note to test_eraser;
                    """);
        }
        return new Database(
                source(name, "app", PostgresServer.APP, pool),
                source(name, "app", PostgresServer.RELAY, 2),
                source(name, "app", PostgresServer.ERASER, 2));
    }

    /** A pool of that size, as a role, with that search path. */
    static AgroalDataSource source(String database, String schemas, String role, int size) throws SQLException {
        return AgroalDataSource.from(
                new AgroalDataSourceConfigurationSupplier().connectionPoolConfiguration(p -> p.maxSize(size)
                        .exceptionSorter(new PostgreSQLExceptionSorter())
                        .acquisitionTimeout(Duration.ofSeconds(120))
                        .connectionFactoryConfiguration(
                                f -> f.jdbcUrl(PostgresServer.shared().url(database) + "?currentSchema=" + schemas)
                                        .principal(new NamePrincipal(role))
                                        .credential(new SimplePassword(PostgresServer.PASSWORD)))));
    }
}
