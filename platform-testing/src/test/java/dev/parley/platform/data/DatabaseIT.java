package dev.parley.platform.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.PostgresServer;
import dev.parley.testing.TestDatabase;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DatabaseIT {
    private static final TenantId A = new TenantId(UUID.randomUUID());
    private static final TenantId B = new TenantId(UUID.randomUUID());
    private static final TenantId C = new TenantId(UUID.randomUUID());
    private static Database database;

    @BeforeAll
    static void create() throws Exception {
        database = TestDatabase.create("database_it", 4);
        write(A, "a's");
        write(B, "b's");
    }

    private static void write(TenantId tenant, String text) {
        database.useTenant(
                tenant,
                handle -> handle.execute("insert into note values (?, gen_random_uuid(), ?)", tenant.value(), text));
    }

    @Test
    void aTenantSeesItsOwnRowsOnly() {
        List<String> seen = database.inTenant(A, handle -> handle.createQuery("select distinct text from note")
                .mapTo(String.class)
                .list());

        assertThat(seen).containsExactly("a's");
    }

    @Test
    void aRowOfAnotherTenantCannotBeWritten() {
        assertThatThrownBy(() -> database.useTenant(
                        A,
                        handle ->
                                handle.execute("insert into note values (?, gen_random_uuid(), 'forged')", B.value())))
                .hasMessageContaining("row-level security");
    }

    @Test
    void withoutATenantTheDatabaseRefuses() {
        assertThatThrownBy(() -> database.global(handle -> handle.createQuery("select text from note")
                        .mapTo(String.class)
                        .list()))
                .hasMessageContaining("no tenant in context");
    }

    @Test
    void theTenantIsBoundWhateverComesFirst() {
        UUID id = UUID.randomUUID();

        int inserted = database.inTenant(B, handle -> {
            var batch = handle.prepareBatch("insert into note values (app.tenant(), :id, 'first a batch')");
            return batch.bind("id", id)
                    .add()
                    .bind("id", UUID.randomUUID())
                    .add()
                    .execute()
                    .length;
        });
        String found = database.inTenant(
                B, handle -> handle.createQuery("select text from note where id = :id and tenant_id = app.tenant()")
                        .bind("id", id)
                        .mapTo(String.class)
                        .one());
        int changed = database.inTenant(B, handle -> handle.createUpdate("delete from note where text = :text")
                .bind("text", "first a batch")
                .execute());
        boolean plain = database.inTenant(B, handle -> {
            try (var statement = handle.getConnection().createStatement()) {
                return statement.execute("select app.tenant()");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        String second = database.inTenant(B, handle -> {
            // Prepared first and run second: then it is not the one that brings the tenant.
            try (var late = handle.getConnection().prepareStatement("select text from note where text like ?")) {
                handle.execute("select 1");
                late.setString(1, "b%");
                try (var rows = late.executeQuery()) {
                    rows.next();
                    return rows.getString(1);
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });

        assertThat(inserted).isEqualTo(2);
        assertThat(found).isEqualTo("first a batch");
        assertThat(changed).isEqualTo(2);
        assertThat(plain).isTrue();
        assertThat(second).isEqualTo("b's");
    }

    @Test
    void theTenantTravelsWithTheFirstStatement() {
        List<String> sent = new ArrayList<>();
        var recording = (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (self, method, arguments) -> {
                    if (method.getName().equals("prepareStatement")) {
                        sent.add((String) arguments[0]);
                        throw new SQLException("recorded");
                    }
                    return method.getReturnType() == boolean.class
                            ? method.getName().equals("getAutoCommit")
                            : null;
                });
        TenantConnection.Bindable connection = TenantConnection.around(recording);
        connection.bind(A.toString());

        assertThatThrownBy(() -> Jdbi.create(() -> connection)
                        .useHandle(handle -> handle.createQuery("select text from note")
                                .mapTo(String.class)
                                .list()))
                .hasMessageContaining("recorded");
        assertThat(sent).containsExactly("select set_config('app.tenant_id', ?, true);select text from note");
    }

    private static void leaveToTheCommit(Handle handle, TenantId tenant, String text) {
        Database.atCommit(handle, "insert into note values (?, gen_random_uuid(), ?)", List.of(tenant.value(), text));
    }

    private static long count(Handle handle, String text) {
        return handle.createQuery("select count(*) from note where text = :text")
                .bind("text", text)
                .mapTo(Long.class)
                .one();
    }

    @Test
    void whatIsLeftToTheCommitIsWrittenWithItWhetherOrNotAnythingElseIs() {
        database.useTenant(C, handle -> {
            leaveToTheCommit(handle, C, "left 1");
            leaveToTheCommit(handle, C, "left 2");
            assertThat(count(handle, "left 1")).isZero();
        });
        database.useTenant(C, handle -> leaveToTheCommit(handle, C, "left alone"));

        database.useTenant(C, handle -> {
            assertThat(count(handle, "left 1")).isEqualTo(1);
            assertThat(count(handle, "left 2")).isEqualTo(1);
            assertThat(count(handle, "left alone")).isEqualTo(1);
        });
    }

    @Test
    void whatIsLeftToTheCommitFailsTheTransactionAndEndsWithIt() {
        assertThatThrownBy(() -> database.useTenant(C, handle -> {
                    handle.execute("insert into note values (?, gen_random_uuid(), 'before it')", C.value());
                    leaveToTheCommit(handle, B, "forged");
                }))
                .hasStackTraceContaining("row-level security");
        assertThatThrownBy(() -> database.useTenant(C, handle -> {
                    leaveToTheCommit(handle, C, "rolled back");
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        for (int i = 0; i < 8; i++) {
            database.useTenant(C, handle -> {
                assertThat(count(handle, "before it")).isZero();
                assertThat(count(handle, "rolled back")).isZero();
            });
        }
    }

    @Test
    void theLastStatementTravelsWithTheCommit() throws SQLException {
        List<String> sent = new ArrayList<>();
        var statement = Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {PreparedStatement.class},
                (self, method, arguments) -> method.getReturnType() == boolean.class ? false : null);
        var recording = (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (self, method, arguments) -> {
                    sent.add(arguments == null ? method.getName() : (String) arguments[0]);
                    return statement;
                });
        TenantConnection.Bindable connection = TenantConnection.around(recording);
        connection.atCommit("insert into note values (?)", List.of("x"));
        connection.commit();
        connection.commit();

        assertThat(sent).containsExactly("insert into note values (?);commit", "commit");
    }

    @Test
    void transactionsDoNotNest() {
        assertThatThrownBy(() -> database.useTenant(A, outer -> database.useTenant(B, inner -> {})))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a transaction is open already");
    }

    @Test
    void aDeadlockIsTriedAgain() {
        AtomicInteger tries = new AtomicInteger();

        int result = database.inTenant(A, handle -> {
            if (tries.incrementAndGet() < 3) {
                handle.execute("do $$ begin raise exception using errcode = '40P01'; end $$");
            }
            return tries.get();
        });

        assertThat(result).isEqualTo(3);
    }

    @Test
    void aDatabaseThatIsGoneIsA503() throws Exception {
        Database gone = TestDatabase.create("database_gone", 1);
        gone.useTenant(A, handle -> {});
        PostgresServer.shared().execute("postgres", "alter database database_gone allow_connections false");
        PostgresServer.shared()
                .execute(
                        "postgres",
                        "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'database_gone'");

        assertThatThrownBy(() -> {
                    gone.useTenant(A, handle -> handle.execute("select 1"));
                    gone.useTenant(A, handle -> handle.execute("select 1"));
                })
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.type().status()).isEqualTo(503));
    }

    @Test
    void noRowCrossesTenantsOverAPoolOfFour() throws Exception {
        List<TenantId> tenants = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            TenantId tenant = new TenantId(UUID.randomUUID());
            tenants.add(tenant);
            write(tenant, "canary of " + tenant);
        }
        AtomicInteger crossed = new AtomicInteger();
        AtomicInteger answered = new AtomicInteger();

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> requests = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                TenantId tenant = tenants.get(i % tenants.size());
                boolean abort = ThreadLocalRandom.current().nextInt(10) == 0;
                requests.add(threads.submit(() -> {
                    try {
                        database.useTenant(tenant, handle -> {
                            List<String> seen = handle.createQuery("select text from note")
                                    .mapTo(String.class)
                                    .list();
                            answered.incrementAndGet();
                            if (!seen.equals(List.of("canary of " + tenant))) {
                                crossed.incrementAndGet();
                            }
                            if (abort) {
                                throw new IllegalStateException("abort");
                            }
                        });
                    } catch (IllegalStateException aborted) {
                        assertThat(abort).isTrue();
                    }
                }));
            }
            for (Future<?> request : requests) {
                request.get();
            }
        }

        assertThat(answered).hasValue(10_000);
        assertThat(crossed).hasValue(0);
    }

    @Test
    void theGuardNamesARoleThatBypassesTheWall() throws Exception {
        Jdbi superuser = Jdbi.create(() -> PostgresServer.shared().superuser("database_it"));
        Jdbi app = Jdbi.create(() -> PostgresServer.shared().connect("database_it", PostgresServer.APP));
        Jdbi owner = Jdbi.create(() -> PostgresServer.shared().connect("database_it", PostgresServer.MIGRATOR));

        assertThat(app.withHandle(DatabaseRoleGuard::faults)).isEmpty();
        assertThat(superuser.withHandle(DatabaseRoleGuard::faults))
                .contains("the role postgres is superuser or bypasses row level security");
        assertThat(owner.withHandle(DatabaseRoleGuard::faults)).contains("the role owns the table note");
    }
}
