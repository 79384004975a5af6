package dev.parley.platform.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.TestDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TenantStatementIT {
    private static final TenantId A = new TenantId(UUID.randomUUID());
    private static final TenantId B = new TenantId(UUID.randomUUID());
    private static final String INSERT = "insert into note values (?, ?, ?)";
    private static final String READ = "select text from note where text <> ?";
    private static Database database;

    @BeforeAll
    static void create() throws Exception {
        database = TestDatabase.create("tenant_statement_it", 4);
    }

    @Test
    void aStatementIsATransactionOfItsTenant() {
        UUID id = UUID.randomUUID();
        assertThat(database.statement(A, INSERT).bind(A).bind(id).bind("one").update())
                .isOne();

        for (int i = 0; i < 20; i++) {
            assertThat(database.statement(A, READ).bind("").list(row -> row.getString(1)))
                    .containsExactly("one");
            assertThat(database.statement(B, READ).bind("").list(row -> row.getString(1)))
                    .isEmpty();
        }
        assertThat(database.statement(B, "update note set text = ? where id = ?")
                        .bind("stolen")
                        .bind(id)
                        .update())
                .isZero();
        assertThat(database.statement(A, "update note set text = text where id = ? and ? < now() returning id")
                        .bind(id)
                        .bind(Instant.EPOCH)
                        .first(row -> row.getObject(1, UUID.class)))
                .contains(id);
        assertThat(database.statement(A, READ).bind("one").first(row -> row.getString(1)))
                .isEmpty();
    }

    @Test
    void aTextMayBeAbsent() {
        String sql = "select coalesce(?, 'nothing') as said";

        assertThat(database.statement(A, sql).bindText(null).first(row -> row.getString("said")))
                .contains("nothing");
        assertThat(database.statement(A, sql).bindText("something").first(row -> row.getString("said")))
                .contains("something");
    }

    @Test
    void aStatementThatFailsLeavesNothingOnItsConnection() {
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> database.statement(A, INSERT)
                            .bind(B)
                            .bind(UUID.randomUUID())
                            .bind("forged")
                            .update())
                    .hasStackTraceContaining("row-level security");
            assertThatThrownBy(() -> database.global(handle -> handle.execute("update note set text = ''")))
                    .hasMessageContaining("no tenant in context");
        }
    }

    @Test
    void aStatementIsRefusedInsideATransaction() {
        assertThatThrownBy(() -> database.useTenant(
                        A, handle -> database.statement(A, READ).bind("").list(row -> 1)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void noRowCrossesTenantsOverAPoolOfFour() throws Exception {
        List<TenantId> tenants = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            TenantId tenant = new TenantId(UUID.randomUUID());
            tenants.add(tenant);
            database.statement(tenant, INSERT)
                    .bind(tenant)
                    .bind(UUID.randomUUID())
                    .bind("of " + tenant)
                    .update();
        }
        AtomicInteger right = new AtomicInteger();
        AtomicInteger aborted = new AtomicInteger();

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> requests = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                TenantId tenant = tenants.get(i % tenants.size());
                boolean abort = i % 7 == 0;
                requests.add(threads.submit(() -> {
                    if (abort) {
                        try {
                            database.statement(tenant, "select 1 / ?").bind(0).first(row -> 1);
                        } catch (RuntimeException expected) {
                            aborted.incrementAndGet();
                        }
                    }
                    List<String> seen = abort
                            ? database.inTenant(tenant, handle -> handle.createQuery("select text from note")
                                    .mapTo(String.class)
                                    .list())
                            : database.statement(tenant, READ).bind("").list(row -> row.getString(1));
                    if (seen.equals(List.of("of " + tenant))) {
                        right.incrementAndGet();
                    }
                }));
            }
            for (Future<?> request : requests) {
                request.get();
            }
        }

        assertThat(right).hasValue(10_000);
        assertThat(aborted).hasValue(1429);
    }
}
