package dev.parley.platform.crypto;

import static dev.parley.platform.crypto.KeyFixtures.SEALED;
import static dev.parley.platform.crypto.KeyFixtures.count;
import static dev.parley.platform.crypto.KeyFixtures.execute;
import static dev.parley.platform.crypto.KeyFixtures.one;
import static dev.parley.platform.crypto.KeyFixtures.read;
import static dev.parley.platform.crypto.KeyFixtures.under;
import static dev.parley.platform.crypto.KeyFixtures.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.KeysetHandle;
import dev.parley.platform.data.Database;
import dev.parley.platform.data.Work;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DataKeyRotationIT {
    private static final String DATABASE = "data_key_rotation_it";
    private static final SealedColumn BODY = SealedColumn.shortLived("idempotency_record", "body");
    private static final SealedFiles PICTURES = new SealedFiles("picture", "file_key", "true");
    private static final KeysetHandle MASTER = one();
    private static final Duration YEAR = Duration.ofDays(365);
    private static Database database;

    private final TenantId tenant = new TenantId(UUID.randomUUID());
    private final SecretVault vault = new SecretVault(MASTER);
    private final DataKeyRotation rotation = rotation(List.of(SEALED, BODY));

    @BeforeAll
    static void create() throws SQLException {
        database = TestDatabase.create(DATABASE, 6);
        KeyFixtures.createLetters(DATABASE);
    }

    @BeforeEach
    void empty() throws SQLException {
        execute(DATABASE, "truncate app.tenant_data_key, app.letter, app.picture, app.idempotency_record");
    }

    @Test
    void underLoadNothingFailsAndAfterwardsNothingIsUnderTheOldKey() throws Exception {
        // Given
        Map<UUID, String> letters = new ConcurrentHashMap<>();
        for (int i = 0; i < 45; i++) {
            letters.put(write(database, vault, tenant, "letter " + i), "letter " + i);
        }
        KeysetHandle before = keys();
        int old = before.getPrimary().getId();
        SecretVault replica = new SecretVault(MASTER);
        List<UUID> ids = List.copyOf(letters.keySet());
        AtomicBoolean stopped = new AtomicBoolean();
        AtomicInteger done = new AtomicInteger();
        List<Future<?>> load = new ArrayList<>();

        // When
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 4; i++) {
                SecretVault its = i % 2 == 0 ? vault : replica;
                Random random = new Random(i);
                load.add(threads.submit(() -> {
                    while (!stopped.get()) {
                        writeAndRead(its, ids.get(random.nextInt(ids.size())), "text " + random.nextInt());
                        done.incrementAndGet();
                    }
                }));
            }
            try {
                await(done, 100);
                grownOld();
                assertThat(rotation.run()).isEqualTo(1);
                await(done, done.get() + 400);
                due();
                assertThat(rotation.run()).isEqualTo(1);
                await(done, done.get() + 100);
            } finally {
                stopped.set(true);
            }
            for (Future<?> thread : load) {
                thread.get();
            }
        }
        assertThat(keys().size()).isEqualTo(2);
        letters.put(writeByAStaleReplica(before), "stale");
        settle();

        // Then
        assertThat(count(DATABASE, "letter where " + under("sealed", old))).isZero();
        assertThat(count(
                        DATABASE,
                        "letter where " + under("sealed", keys().getPrimary().getId())))
                .isEqualTo(46);
        assertThat(keys().size()).isEqualTo(1);
        assertThat(keys().getPrimary().getId()).isNotEqualTo(old);
        assertThat(count(DATABASE, "tenant_data_key where retiring")).isZero();
        SecretVault afterwards = new SecretVault(MASTER);
        for (UUID id : letters.keySet()) {
            assertThat(read(database, afterwards, tenant, id)).isEqualTo(text(id));
        }
    }

    @Test
    void whatIsWrittenMeanwhileIsNotWrittenOver() throws Exception {
        UUID letter = write(database, vault, tenant, "before");
        grownOld();
        CountDownLatch written = new CountDownLatch(1);

        try (var threads = Executors.newSingleThreadExecutor()) {
            Future<?> writer = threads.submit(() -> database.useTenant(tenant, handle -> {
                byte[] sealed = vault.encrypt(handle, tenant, SEALED, letter, "after".getBytes(StandardCharsets.UTF_8));
                handle.execute("update letter set sealed = ? where id = ?", sealed, letter);
                written.countDown();
                pause(Duration.ofMillis(700));
            }));
            written.await();
            rotation.run();
            writer.get();
        }

        assertThat(read(database, new SecretVault(MASTER), tenant, letter)).isEqualTo("after");
    }

    @Test
    void aReplicaThatRemembersTheOldKeyReadsWhatTheOthersWrite() throws Exception {
        write(database, vault, tenant, "before");
        SecretVault stale = new SecretVault(MASTER);
        UUID first = write(database, stale, tenant, "mine");
        read(database, stale, tenant, first);
        grownOld();
        rotation.run();
        UUID letter = write(database, vault, tenant, "after");
        byte[] sealed = sealed(letter);

        assertThat(stale.decryptIfOpen(tenant, SEALED, letter, sealed)).isEmpty();
        assertThat(read(database, stale, tenant, letter)).isEqualTo("after");
        assertThat(stale.decryptIfOpen(tenant, SEALED, letter, sealed))
                .hasValueSatisfying(text ->
                        assertThat(text).asString(StandardCharsets.UTF_8).isEqualTo("after"));
    }

    @Test
    void garbageHasTheKeysReadAgainOnceAndNotEachTime() {
        UUID letter = write(database, vault, tenant, "hello");
        read(database, vault, tenant, letter);
        byte[] garbage = sealed(letter);
        garbage[2] ^= 1;

        assertThat(statementsToRefuse(garbage, letter)).isEqualTo(1);
        assertThat(statementsToRefuse(garbage, letter)).isZero();
    }

    @Test
    void anErasureInTheMiddleLeavesNoKey() throws Exception {
        UUID letter = write(database, vault, tenant, "hello");
        byte[] sealed = sealed(letter);
        grownOld();
        DataKeyRotation interrupted = rotation(new ArrayList<>(List.of(SEALED)) {
            @Override
            public Iterator<SealedColumn> iterator() {
                database.asEraser(
                        tenant,
                        handle -> handle.execute("delete from letter") + handle.execute("delete from tenant_data_key"));
                return super.iterator();
            }
        });

        assertThat(interrupted.run()).isEqualTo(1);

        assertThat(count(DATABASE, "tenant_data_key")).isZero();
        assertThat(count(DATABASE, "letter")).isZero();
        assertThatThrownBy(() -> database.inTenant(
                        tenant, handle -> new SecretVault(MASTER).decrypt(handle, tenant, SEALED, letter, sealed)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(count(DATABASE, "tenant_data_key")).isZero();
    }

    @Test
    void anErasureBetweenTwoKeysDestroysBoth() throws Exception {
        UUID before = write(database, vault, tenant, "before");
        byte[] underTheOld = sealed(before);
        grownOld();
        rotation.run();
        byte[] underTheNew = sealed(before);
        assertThat(keys().size()).isEqualTo(2);

        database.asEraser(tenant, handle -> handle.execute("delete from tenant_data_key"));
        vault.forget(tenant);
        due();
        rotation.run();

        for (byte[] one : List.of(underTheOld, underTheNew)) {
            assertThatThrownBy(() ->
                            database.inTenant(tenant, handle -> vault.decrypt(handle, tenant, SEALED, before, one)))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void filesSealedBeforeOpenAfterwardsAndKeepTheirKeyAsLongAsTheyAreThere() throws Exception {
        // Given
        write(database, vault, tenant, "hello");
        SecretVault stale = new SecretVault(MASTER);
        FileKey before = inTenant(handle -> stale.fileKey(handle, tenant));
        byte[] file = sealedFile(before, "picture");
        addPicture(before.id());
        addPicture(null);
        grownOld();
        rotation.run();

        // When
        FileKey after = inTenant(handle -> vault.fileKey(handle, tenant));
        byte[] newer = sealedFile(after, "another");
        settle();

        // Then
        assertThat(after.id()).isEqualTo(before.id());
        assertThat(keys().size()).isEqualTo(2);
        SecretVault restarted = new SecretVault(MASTER);
        assertThat(opened(restarted, null, file)).isEqualTo("picture");
        assertThat(opened(restarted, before.id(), file)).isEqualTo("picture");
        assertThat(opened(stale, after.id(), newer)).isEqualTo("another");
        execute(DATABASE, "delete from app.picture where file_key is not null");
        settle();
        assertThat(keys().size()).isEqualTo(2);
        execute(DATABASE, "delete from app.picture");
        settle();
        assertThat(keys().size()).isEqualTo(1);
        assertThatThrownBy(() -> opened(new SecretVault(MASTER), before.id(), file))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is gone");
        assertThat(inTenant(handle -> new SecretVault(MASTER).fileKey(handle, tenant))
                        .id())
                .isEqualTo(keys().getPrimary().getId());
    }

    @Test
    void aKeyUnderWhichAStaleReplicaSealsAFileAtTheLastMomentStaysAsLongAsThatIsThere() throws Exception {
        // Given
        write(database, vault, tenant, "hello");
        SecretVault stale = new SecretVault(MASTER);
        FileKey before = inTenant(handle -> stale.fileKey(handle, tenant));
        grownOld();
        rotation.run();
        lookUntilNothingIsFound();
        lookAfterTheRest();

        // When
        FileKey remembered = inTenant(handle -> stale.fileKey(handle, tenant));
        byte[] file = sealedFile(remembered, "picture");
        addPicture(remembered.id());

        // Then
        assertThat(remembered.id()).isEqualTo(before.id());
        assertThat(inTenant(handle -> new SecretVault(MASTER).fileKey(handle, tenant))
                        .id())
                .as("nobody else seals under it any more")
                .isEqualTo(keys().getPrimary().getId())
                .isNotEqualTo(before.id());
        assertThat(opened(new SecretVault(MASTER), before.id(), file)).isEqualTo("picture");
        settle();
        assertThat(opened(new SecretVault(MASTER), before.id(), file)).isEqualTo("picture");
        execute(DATABASE, "delete from app.picture");
        settle();
        assertThat(keys().size()).isEqualTo(1);
        assertThat(keys().getPrimary().getId()).isNotEqualTo(before.id());
    }

    @Test
    void aKeyThatIsPutAsideRestsOnceMoreBeforeItGoes() throws Exception {
        write(database, vault, tenant, "hello");
        grownOld();
        rotation.run();
        lookUntilNothingIsFound();
        lookAfterTheRest();
        due();
        rotation.run();
        execute(DATABASE, "update app.tenant_data_key set clear_since = clear_since - interval '55 minutes'");
        due();

        rotation.run();

        assertThat(keys().size()).isEqualTo(2);
        assertThat(count(DATABASE, "tenant_data_key where retiring")).isEqualTo(1);
        lookAfterTheRest();
        assertThat(keys().size()).isEqualTo(1);
        assertThat(count(DATABASE, "tenant_data_key where retiring")).isZero();
    }

    @Test
    void aKeyThatIsAsideIsFoundAmongThreeAndWhatIsUnderItOpens() throws Exception {
        write(database, vault, tenant, "hello");
        FileKey first = inTenant(handle -> vault.fileKey(handle, tenant));
        byte[] file = sealedFile(first, "picture");
        grownOld();
        rotation.run();
        lookUntilNothingIsFound();
        lookAfterTheRest();
        addPicture(first.id());
        execute(DATABASE, "update app.tenant_data_key set rotated_at = now() - interval '366 days'");
        due();

        rotation.run();
        settle();

        assertThat(keys().size()).isEqualTo(2);
        assertThat(opened(new SecretVault(MASTER), first.id(), file)).isEqualTo("picture");
        assertThat(count(
                        DATABASE,
                        "letter where " + under("sealed", keys().getPrimary().getId())))
                .isEqualTo(1);
    }

    @Test
    void rowsThatLiveForDaysOnlyAreWaitedFor() throws Exception {
        UUID row = UUID.randomUUID();
        String body = Base64.getEncoder()
                .encodeToString(inTenant(handle -> vault.encrypt(handle, tenant, BODY, row, new byte[] {7})));
        execute(
                DATABASE,
                "insert into app.idempotency_record (tenant_id, scope, key, fingerprint, status, body) values ('"
                        + tenant + "', 's', 'k', 'f', 200, '" + body + "'), ('" + tenant
                        + "', 's', 'l', 'f', null, null)");
        grownOld();
        rotation.run();

        settle();
        assertThat(keys().size()).isEqualTo(2);
        execute(DATABASE, "delete from app.idempotency_record where key = 'k'");
        settle();
        assertThat(keys().size()).isEqualTo(1);
    }

    @Test
    void whatCannotBeReadKeepsItsKeyAndHoldsUpNothingElse() throws Exception {
        UUID broken = write(database, vault, tenant, "broken");
        UUID whole = write(database, vault, tenant, "whole");
        int old = keys().getPrimary().getId();
        execute(
                DATABASE,
                "update app.letter set sealed = substring(sealed from 1 for 20) || '\\x00' where id = '" + broken
                        + "'");
        grownOld();
        rotation.run();

        settle();

        assertThat(keys().size()).isEqualTo(2);
        assertThat(count(DATABASE, "letter where " + under("sealed", old))).isEqualTo(1);
        assertThat(read(database, new SecretVault(MASTER), tenant, whole)).isEqualTo("whole");
    }

    @Test
    void aKeyIsTakenAwayOnlyAfterItsRest() throws Exception {
        write(database, vault, tenant, "hello");
        grownOld();
        rotation.run();
        due();
        rotation.run();
        execute(DATABASE, "update app.tenant_data_key set clear_since = now() - interval '55 minutes'");
        due();

        rotation.run();

        assertThat(keys().size()).isEqualTo(2);
    }

    @Test
    void aYoungKeyStaysAndSoDoesEveryKeyWhereThereIsNoAge() throws Exception {
        write(database, vault, tenant, "hello");
        execute(DATABASE, "update app.tenant_data_key set created_at = now() - interval '364 days'");
        assertThat(rotation.run()).isZero();
        grownOld();
        assertThat(new DataKeyRotation(database, vault, List.of(SEALED), List.of(), Duration.ZERO).run())
                .isZero();
        assertThat(keys().size()).isEqualTo(1);
        assertThat(rotation.run()).isEqualTo(1);
        assertThat(keys().size()).isEqualTo(2);
        assertThat(rotation.run()).isZero();
    }

    private DataKeyRotation rotation(List<SealedColumn> columns) {
        return new DataKeyRotation(database, vault, columns, List.of(PICTURES), YEAR);
    }

    private static void grownOld() throws SQLException {
        execute(DATABASE, "update app.tenant_data_key set created_at = now() - interval '366 days'");
    }

    private static void due() throws SQLException {
        execute(DATABASE, "update app.tenant_data_key set look_after = now()");
    }

    /** Looks until nothing is found, and once more each time when the old key has rested. */
    private void settle() throws SQLException {
        lookUntilNothingIsFound();
        lookAfterTheRest();
        lookAfterTheRest();
    }

    private void lookUntilNothingIsFound() throws SQLException {
        for (int i = 0; i < 2; i++) {
            due();
            rotation.run();
        }
    }

    private void lookAfterTheRest() throws SQLException {
        execute(
                DATABASE,
                "update app.tenant_data_key set clear_since = now() - interval '61 minutes' where clear_since is not null");
        due();
        rotation.run();
    }

    private void writeAndRead(SecretVault its, UUID id, String text) {
        database.useTenant(tenant, handle -> handle.createUpdate(
                        "update letter set text = :text, sealed = :sealed where tenant_id = app.tenant() and id = :id")
                .bind("text", text)
                .bind("sealed", its.encrypt(handle, tenant, SEALED, id, text.getBytes(StandardCharsets.UTF_8)))
                .bind("id", id)
                .execute());
        database.useTenant(tenant, handle -> {
            Map.Entry<String, byte[]> row = handle.createQuery(
                            "select text, sealed from letter where tenant_id = app.tenant() and id = :id")
                    .bind("id", id)
                    .map((rs, context) -> Map.entry(rs.getString("text"), rs.getBytes("sealed")))
                    .one();
            assertThat(its.decrypt(handle, tenant, SEALED, id, row.getValue()))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo(row.getKey());
        });
    }

    /** As a replica does that has had the old key in memory all the time and never reads. */
    private UUID writeByAStaleReplica(KeysetHandle before) {
        UUID id = UUID.randomUUID();
        byte[] sealed = new DataKey(tenant, before).encrypt(SEALED, id, "stale".getBytes(StandardCharsets.UTF_8));
        database.useTenant(
                tenant,
                handle -> handle.execute(
                        "insert into letter (tenant_id, id, text, sealed) values (?, ?, 'stale', ?)",
                        tenant.value(),
                        id,
                        sealed));
        return id;
    }

    private int statementsToRefuse(byte[] garbage, UUID letter) {
        AtomicInteger statements = new AtomicInteger();
        assertThatThrownBy(() -> database.inTenant(tenant, handle -> {
                    handle.setSqlLogger(new SqlLogger() {
                        @Override
                        public void logBeforeExecution(StatementContext context) {
                            statements.incrementAndGet();
                        }
                    });
                    return vault.decrypt(handle, tenant, SEALED, letter, garbage);
                }))
                .isInstanceOf(IllegalStateException.class);
        return statements.get();
    }

    private KeysetHandle keys() {
        byte[] wrapped = inTenant(
                handle -> handle.createQuery("select wrapped from tenant_data_key where tenant_id = app.tenant()")
                        .mapTo(byte[].class)
                        .one());
        return vault.unwrap(wrapped, "tenant_data_key|" + tenant);
    }

    private byte[] sealed(UUID letter) {
        return inTenant(
                handle -> handle.createQuery("select sealed from letter where tenant_id = app.tenant() and id = ?")
                        .bind(0, letter)
                        .mapTo(byte[].class)
                        .one());
    }

    private String text(UUID letter) {
        return inTenant(
                handle -> handle.createQuery("select text from letter where tenant_id = app.tenant() and id = ?")
                        .bind(0, letter)
                        .mapTo(String.class)
                        .one());
    }

    private void addPicture(Integer key) {
        database.useTenant(
                tenant,
                handle -> handle.execute(
                        "insert into picture (tenant_id, id, file_key) values (?, ?, ?)",
                        tenant.value(),
                        UUID.randomUUID(),
                        key));
    }

    private String opened(SecretVault its, Integer key, byte[] file) throws IOException {
        FileKey opening = inTenant(handle -> its.fileKey(handle, tenant, key));
        return new String(
                opening.opening("place", new ByteArrayInputStream(file)).readAllBytes(), StandardCharsets.UTF_8);
    }

    private static byte[] sealedFile(FileKey key, String content) throws IOException {
        ByteArrayOutputStream sealed = new ByteArrayOutputStream();
        try (OutputStream sealing = key.sealing("place", sealed)) {
            sealing.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return sealed.toByteArray();
    }

    private <T> T inTenant(Work<T> work) {
        return database.inTenant(tenant, work);
    }

    private static void await(AtomicInteger count, int enough) {
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (count.get() < enough) {
            assertThat(System.nanoTime()).as("only %d in 30 s", count.get()).isLessThan(until);
            pause(Duration.ofMillis(5));
        }
    }

    private static void pause(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }
}
