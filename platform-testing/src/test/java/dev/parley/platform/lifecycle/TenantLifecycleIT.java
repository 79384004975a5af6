package dev.parley.platform.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.crypto.SealedColumn;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.data.Database;
import dev.parley.platform.event.EventFixtures;
import dev.parley.platform.event.ReceivedEvent;
import dev.parley.platform.eventkey.EventKeys;
import dev.parley.platform.outbox.OutboxFixtures;
import dev.parley.platform.storage.FolderStore;
import dev.parley.platform.storage.ObjectStore;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.PostgresServer;
import dev.parley.testing.TemporaryFiles;
import dev.parley.testing.TestDatabase;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Export, erasure and retention of one table, on a real database and with files. */
class TenantLifecycleIT {
    private static final String DATABASE = "tenant_lifecycle_it";
    private static final List<TenantId> LEFT = new ArrayList<>();
    private static final TenantData DATA = new TenantData() {
        @Override
        public List<TenantTable> tables() {
            return List.of(TenantTable.named("note")
                    .exported("notes", "id", "id, text")
                    .retained("notes", "text < 'n' and :cutoff > now() - interval '100 days'")
                    .withFiles("notes"));
        }

        @Override
        public Optional<InputStream> file(TenantId tenant, TenantTable table, UUID id) {
            return store.read(tenant + "/" + table.files() + "/" + id);
        }

        @Override
        public void leave(TenantId tenant, Database from) {
            LEFT.add(tenant);
        }
    };
    private static final Path FOLDER = TemporaryFiles.folder("lifecycle-it");
    private static final Set<TenantId> ENDING = ConcurrentHashMap.newKeySet();
    private static final SealedColumn TEXT = SealedColumn.of("note", "text");
    private static Database database;
    private static EventKeys keys;
    private static SecretVault vault;
    private static ObjectStore store;
    private static TenantErasure erasure;
    private static TenantExport export;
    private static RetentionJob retention;

    @BeforeAll
    static void create() throws Exception {
        database = TestDatabase.create(DATABASE, 4);
        keys = EventFixtures.keys(database, ENDING);
        vault = EventFixtures.vault();
        store = new FolderStore(FOLDER);
        erasure = new TenantErasure(database, DATA, keys, vault, store, OutboxFixtures.outbox(), "test-service");
        export = new TenantExport(database, DATA, store, OutboxFixtures.outbox(), "test-service");
        retention = new RetentionJob(
                database, DATA, erasure, store, EventFixtures.mapper(), Clock.systemUTC(), Duration.ofHours(1));
    }

    @Test
    void anExportHasEachRowOfThatTenantOnceAndItsHash() throws Exception {
        TenantId tenant = tenantWith(1_300, "mine");
        tenantWith(3, "foreign");
        UUID id = UUID.randomUUID();

        export.write(tenant, id);

        String file = read(tenant + "/exports/" + id + "/test-service/notes.jsonl");
        assertThat(file.lines().distinct()).hasSize(1_300);
        assertThat(file).doesNotContain("foreign").doesNotContain("tenant_id");
        JsonNode part =
                event("platform.export-part-written.v1", tenant).path("kinds").path(0);
        assertThat(part.path("rows").asInt()).isEqualTo(1_300);
        assertThat(part.path("sha256").asText())
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(file.getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void anErasureTakesRowsKeysAndFilesOfThatTenantAloneAndSaysSo() throws Exception {
        TenantId tenant = tenantWith(4_100, "mine");
        TenantId neighbour = tenantWith(2, "foreign");
        UUID row = UUID.randomUUID();
        byte[] secret = database.inTenant(tenant, handle -> vault.encrypt(handle, tenant, TEXT, row, new byte[] {1}));
        store.write(tenant + "/picture.png", out -> out.write(1));
        UUID id = UUID.randomUUID();

        erase(tenant, id);

        assertThat(count("note", tenant)).isZero();
        assertThat(count("note", neighbour)).isEqualTo(2);
        assertThat(store.read(tenant + "/picture.png")).isEmpty();
        assertThat(keys.of(tenant).destroyed()).isTrue();
        assertThat(LEFT).contains(tenant);
        assertThatThrownBy(() -> database.inTenant(tenant, handle -> vault.decrypt(handle, tenant, TEXT, row, secret)))
                .isInstanceOf(IllegalStateException.class);
        JsonNode said = event("platform.tenant-data-erased.v1", tenant);
        assertThat(said.at("/tables/note").asInt()).isEqualTo(4_100);
        assertThat(said.at("/tables/tenant_data_key").asInt()).isEqualTo(1);
        assertThat(said.at("/kept/tenant_event_key/rows").asInt()).isEqualTo(1);
    }

    @Test
    void aSweepThatMeetsAnotherOneGoesOnUntilNoRowIsLeft() throws Exception {
        TenantId tenant = tenantWith(4_100, "mine");
        CountDownLatch deleted = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> other;
            Future<?> sweep;
            try {
                other = threads.submit(() -> database.asEraser(tenant, handle -> {
                    int rows = TenantErasure.deleteChunk(handle, "note");
                    deleted.countDown();
                    await(goOn);
                    return rows;
                }));
                assertThat(deleted.await(60, TimeUnit.SECONDS)).isTrue();
                sweep = threads.submit(() -> erasure.sweep(tenant));
                awaitOneThatWaitsForALock();
            } finally {
                goOn.countDown();
            }
            assertThat(other.get()).isEqualTo(2_000);
            sweep.get();
        }

        assertThat(count("note", tenant)).isZero();
        int counted = database.inTenant(
                tenant, handle -> handle.createQuery("select erased_rows ->> 'note' from tenant_event_key")
                        .mapTo(Integer.class)
                        .one());
        assertThat(counted).isEqualTo(4_100);
    }

    @Test
    void anErasureThatAuthServiceDoesNotKnowOfTouchesNothing() {
        TenantId tenant = tenantWith(3, "mine");
        LifecycleConsumer consumer = new LifecycleConsumer(database, export, erasure, "test-service");
        ErasureBroadcast broadcast = new ErasureBroadcast(keys, vault, "test-service");

        for (String type : List.of("auth.erasure-requested.v1", "auth.tenant-erased.v1")) {
            ReceivedEvent event = EventFixtures.received(
                    type,
                    TenantId.PLATFORM,
                    tenant.toString(),
                    "{\"tenant_id\":\"" + tenant + "\",\"erasure_id\":\"" + UUID.randomUUID() + "\"}");
            assertThatThrownBy(() -> consumer.handle(event)).hasMessageContaining("knows of no erasure");
            assertThatThrownBy(() -> broadcast.handle(event)).hasMessageContaining("knows of no erasure");
        }

        assertThat(count("note", tenant)).isEqualTo(3);
        assertThat(keys.of(tenant).destroyed()).isFalse();
        assertThat(LEFT).doesNotContain(tenant);
    }

    @Test
    void anErasureIsTheTenantsThatThePlatformSealedAndNoOthers() {
        TenantId victim = tenantWith(3, "mine");
        TenantId ending = tenantWith(1, "theirs");
        ENDING.add(victim);
        LifecycleConsumer consumer = new LifecycleConsumer(database, export, erasure, "test-service");
        ErasureBroadcast broadcast = new ErasureBroadcast(keys, vault, "test-service");
        String payload = "{\"tenant_id\":\"%s\",\"erasure_id\":\"" + UUID.randomUUID() + "\"}";

        for (ReceivedEvent event : List.of(
                EventFixtures.received(
                        "auth.erasure-requested.v1", TenantId.PLATFORM, victim.toString(), payload.formatted(ending)),
                EventFixtures.received("auth.erasure-requested.v1", TenantId.PLATFORM, "x", payload.formatted(victim)),
                EventFixtures.received("auth.erasure-requested.v1", TenantId.PLATFORM, victim.toString(), "{}"),
                EventFixtures.received(
                        "auth.erasure-requested.v1", ending, victim.toString(), payload.formatted(victim)))) {
            assertThatThrownBy(() -> consumer.handle(event)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> broadcast.handle(event)).isInstanceOf(IllegalArgumentException.class);
        }

        assertThat(count("note", victim)).isEqualTo(3);
        assertThat(count("note", ending)).isEqualTo(1);
        assertThat(keys.of(victim).destroyed()).isFalse();
    }

    @Test
    void afterACrashItGoesOnWithTheSameCounts() throws Exception {
        TenantId tenant = tenantWith(10, "mine");
        superuser("update app.tenant_event_key set erased_rows = '{\"note\": 5}' where tenant_id = '" + tenant + "'");

        erase(tenant, UUID.randomUUID());
        erase(tenant, UUID.randomUUID());

        assertThat(event("platform.tenant-data-erased.v1", tenant)
                        .at("/tables/note")
                        .asInt())
                .isEqualTo(15);
    }

    @Test
    void onlyWhatItsPeriodEndsIsDeletedAndOnlyWhereAPeriodIsSet() throws Exception {
        TenantId withPeriod = tenantWith(3, "aged");
        tenantWith(withPeriod, 2, "young");
        TenantId without = tenantWith(3, "aged");
        superuser("update app.tenant_event_key set retention = '{\"notes\": 30, \"other\": 1}' where tenant_id = '"
                + withPeriod + "'");
        superuser(
                "update app.tenant_event_key set retention = '{\"notes\": null}' where tenant_id = '" + without + "'");
        superuser("update app.tenant_event_key set purge_after = now() - interval '1 hour'");

        while (retention.run() > 0) {
            assertThat(LEFT).doesNotContain(withPeriod);
        }

        assertThat(count("note", withPeriod)).isEqualTo(2);
        assertThat(count("note", without)).isEqualTo(3);
        assertThat(retention.run()).as("once a day").isZero();
    }

    @Test
    void filesEndWithTheirRowsAndWithoutOneAfterADay() throws Exception {
        TenantId tenant = tenantWith(2, "aged");
        tenantWith(tenant, 1, "young");
        List<UUID> aged = ids(tenant, "aged%");
        UUID young = ids(tenant, "young%").getFirst();
        UUID lost = UUID.randomUUID();
        UUID underWay = UUID.randomUUID();
        for (UUID id : List.of(aged.get(0), aged.get(1), young, lost, underWay)) {
            store.write(tenant + "/notes/" + id, out -> out.write(1));
        }
        age(tenant + "/notes/" + lost);
        age(tenant + "/notes/" + young);
        superuser("update app.tenant_event_key set retention = '{\"notes\": 30}' where tenant_id = '" + tenant + "'");
        superuser("update app.tenant_event_key set purge_after = now() - interval '1 hour'");

        while (retention.run() > 0) {
            assertThat(LEFT).doesNotContain(tenant);
        }

        assertThat(store.read(tenant + "/notes/" + aged.get(0))).isEmpty();
        assertThat(store.read(tenant + "/notes/" + aged.get(1))).isEmpty();
        assertThat(store.read(tenant + "/notes/" + lost)).isEmpty();
        assertThat(store.read(tenant + "/notes/" + young)).isPresent();
        assertThat(store.read(tenant + "/notes/" + underWay))
                .as("its row may come")
                .isPresent();
        assertThat(count("note", tenant)).isEqualTo(1);
    }

    @Test
    void anExportHasTheFilesOfRowsToo() throws Exception {
        TenantId tenant = tenantWith(2, "mine");
        UUID with = ids(tenant, "mine%").getFirst();
        store.write(tenant + "/notes/" + with, out -> out.write("content".getBytes(StandardCharsets.UTF_8)));
        UUID id = UUID.randomUUID();

        export.write(tenant, id);

        String file = read(tenant + "/exports/" + id + "/test-service/notes-contents.jsonl");
        assertThat(file).isEqualTo("{\"id\":\"" + with + "\",\"content\":\"Y29udGVudA==\"}\n");
        JsonNode part =
                event("platform.export-part-written.v1", tenant).path("kinds").path(1);
        assertThat(part.path("kind").asText()).isEqualTo("notes-contents");
        assertThat(part.path("bytes").asLong()).isEqualTo(file.length());
        assertThat(part.path("sha256").asText())
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(file.getBytes(StandardCharsets.UTF_8))));
    }

    private static List<UUID> ids(TenantId tenant, String text) {
        return database.inTenant(tenant, handle -> handle.createQuery("select id from note where text like :text")
                .bind("text", text)
                .mapTo(UUID.class)
                .list());
    }

    private static void age(String key) throws Exception {
        Files.setLastModifiedTime(
                FOLDER.resolve(key), FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    }

    @Test
    void whatCameInAfterAnErasureIsSweptAndLongAgoErasedTenantsAreLeftAlone() throws Exception {
        TenantId lately = tenantWith(1, "mine");
        TenantId longAgo = tenantWith(1, "mine");
        erase(lately, UUID.randomUUID());
        erase(longAgo, UUID.randomUUID());
        tenantWith(lately, 1, "late");
        tenantWith(longAgo, 1, "late");
        superuser("update app.tenant_event_key set destroyed_at = now() - interval '3 days' where tenant_id = '"
                + longAgo + "'");
        superuser("update app.tenant_event_key set purge_after = now() - interval '1 hour'");

        while (retention.run() > 0) {
            assertThat(LEFT).contains(lately);
        }

        assertThat(count("note", lately)).isZero();
        assertThat(count("note", longAgo)).isEqualTo(1);
    }

    @Test
    void theEraserReachesNoOtherTenantAndWritesNothing() {
        TenantId tenant = new TenantId(UUID.randomUUID());
        TenantId other = tenantWith(1, "foreign");

        int deleted = database.asEraser(tenant, handle -> handle.execute("delete from app.note"));

        assertThat(deleted).isZero();
        assertThat(count("note", other)).isEqualTo(1);
        assertThatThrownBy(() ->
                        database.asEraser(other, handle -> handle.execute("update app.note set text = 'changed'")))
                .hasMessageContaining("permission denied");
        assertThatThrownBy(() -> database.asEraser(
                        other, handle -> handle.execute("update app.tenant_event_key set wrapped = null")))
                .hasMessageContaining("permission denied");
    }

    @Test
    void aKeyOfAFileStaysInItsFolder() {
        for (String key : List.of("../secret", "x/../../y", "/etc/passwd", UUID.randomUUID() + "/../x")) {
            assertThatThrownBy(() -> store.read(key)).as(key).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static void erase(TenantId tenant, UUID id) {
        ENDING.add(tenant);
        erasure.erase(tenant, id);
    }

    private static TenantId tenantWith(int notes, String text) {
        TenantId tenant = new TenantId(UUID.randomUUID());
        keys.of(tenant);
        tenantWith(tenant, notes, text);
        return tenant;
    }

    private static void tenantWith(TenantId tenant, int notes, String text) {
        database.useTenant(tenant, handle -> handle.createUpdate("""
                        insert into note (tenant_id, id, text)
                        select app.tenant(), gen_random_uuid(), :text || n from generate_series(1, :notes) n
                        """)
                .bind("text", text)
                .bind("notes", notes)
                .execute());
    }

    private static long count(String table, TenantId tenant) {
        return database.inTenant(tenant, handle -> handle.createQuery("select count(*) from " + table)
                .mapTo(Long.class)
                .one());
    }

    /** The latest event about a tenant that waits in the outbox. */
    private static JsonNode event(String type, TenantId tenant) throws Exception {
        try (var connection = PostgresServer.shared().superuser(DATABASE);
                ResultSet rows = connection
                        .createStatement()
                        .executeQuery("select payload from app.outbox_event where type = '" + type + "' and key = '"
                                + tenant + "' order by seq desc limit 1")) {
            assertThat(rows.next()).isTrue();
            return EventFixtures.mapper().readTree(rows.getString(1));
        }
    }

    private static String read(String key) throws Exception {
        try (InputStream file = store.read(key).orElseThrow()) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void awaitOneThatWaitsForALock() throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        try (var connection = PostgresServer.shared().superuser(DATABASE);
                var waiting = connection.prepareStatement("""
                        select count(*) from pg_stat_activity
                         where datname = current_database() and wait_event_type = 'Lock'
                        """)) {
            while (true) {
                try (ResultSet rows = waiting.executeQuery()) {
                    rows.next();
                    if (rows.getInt(1) > 0) {
                        return;
                    }
                }
                assertThat(System.nanoTime()).as("somebody waits").isLessThan(until);
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(120, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void superuser(String sql) {
        PostgresServer.shared().execute(DATABASE, sql);
    }
}
