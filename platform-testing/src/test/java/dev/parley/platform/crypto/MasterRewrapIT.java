package dev.parley.platform.crypto;

import static dev.parley.platform.crypto.KeyFixtures.count;
import static dev.parley.platform.crypto.KeyFixtures.execute;
import static dev.parley.platform.crypto.KeyFixtures.one;
import static dev.parley.platform.crypto.KeyFixtures.promoted;
import static dev.parley.platform.crypto.KeyFixtures.read;
import static dev.parley.platform.crypto.KeyFixtures.shortened;
import static dev.parley.platform.crypto.KeyFixtures.under;
import static dev.parley.platform.crypto.KeyFixtures.withNext;
import static dev.parley.platform.crypto.KeyFixtures.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.KeysetHandle;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MasterRewrapIT {
    /** More than are wrapped at a time. */
    private static final int TENANTS = 103;

    private static int databases;

    private final KeysetHandle before = one();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private String name;
    private Database database;

    @BeforeEach
    void create() throws SQLException {
        name = "master_rewrap_it_" + databases++;
        database = TestDatabase.create(name, 2);
        KeyFixtures.createLetters(name);
    }

    @Test
    void afterwardsEveryKeyOpensWithTheNewMasterKeyAlone() throws Exception {
        // Given
        SecretVault old = new SecretVault(before);
        Map<TenantId, UUID> letters = new LinkedHashMap<>();
        for (int i = 0; i < TENANTS; i++) {
            TenantId tenant = i == 0 ? TenantId.PLATFORM : tenant();
            letters.put(tenant, write(database, old, tenant, "letter " + i));
        }
        TenantId told = tenant();
        KeysetHandle events = one();
        insertEventKey(told, old.wrap(events, "tenant_event_key|" + told));
        TenantId erased = tenant();
        execute(name, "insert into app.tenant_event_key (tenant_id, destroyed_at) values ('" + erased + "', now())");
        KeysetHandle both = withNext(before);
        KeysetHandle after = promoted(both);

        // When
        SecretVault restarted = new SecretVault(after);
        MasterRewrap rewrap = rewrap(restarted);
        assertThat(gauge()).isNaN();
        long left = rewrap.run();

        // Then
        assertThat(left).isZero();
        assertThat(gauge()).isZero();
        int primary = after.getPrimary().getId();
        assertThat(count(name, "tenant_data_key where " + under("wrapped_by", primary)))
                .isEqualTo(103);
        assertThat(count(name, "tenant_data_key")).isEqualTo(103);
        assertThat(count(name, "tenant_event_key where " + under("wrapped_by", primary)))
                .isEqualTo(1);
        assertThat(count(name, "tenant_event_key where wrapped is null and wrapped_by is null"))
                .isEqualTo(1);
        SecretVault alone = new SecretVault(shortened(after));
        SecretVault notPromotedYet = new SecretVault(both);
        int letter = 0;
        for (Map.Entry<TenantId, UUID> one : letters.entrySet()) {
            String text = "letter " + letter++;
            assertThat(read(database, alone, one.getKey(), one.getValue())).isEqualTo(text);
            assertThat(read(database, notPromotedYet, one.getKey(), one.getValue()))
                    .isEqualTo(text);
        }
        assertThat(alone.unwrap(eventKey(told), "tenant_event_key|" + told).equalsKeyset(events))
                .isTrue();
    }

    @Test
    void aKeyThatThisReplicaCannotOpenStaysAsItIsAndIsCounted() throws Exception {
        TenantId tenant = tenant();
        SecretVault newer = new SecretVault(promoted(withNext(before)));
        UUID letter = write(database, newer, tenant, "hello");
        TenantId readable = tenant();
        UUID other = write(database, new SecretVault(before), readable, "there");
        SecretVault unrelated = new SecretVault(promoted(withNext(before)));

        assertThat(rewrap(unrelated).run()).isEqualTo(1);

        assertThat(gauge()).isEqualTo(1.0);
        assertThat(read(database, newer, tenant, letter)).isEqualTo("hello");
        assertThat(read(database, unrelated, readable, other)).isEqualTo("there");
    }

    @Test
    void aKeyThatIsDestroyedMeanwhileStaysDestroyed() throws Exception {
        // Given
        TenantId tenant = tenant();
        SecretVault old = new SecretVault(before);
        write(database, old, tenant, "hello");
        insertEventKey(tenant, old.wrap(one(), "tenant_event_key|" + tenant));

        // When
        SecretVault meetsAnErasure = new SecretVault(promoted(withNext(before))) {
            @Override
            public byte[] wrap(KeysetHandle keyset, String place) {
                try {
                    execute(name, "delete from app.tenant_data_key");
                    execute(name, "update app.tenant_event_key set wrapped = null, destroyed_at = now()");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
                return super.wrap(keyset, place);
            }
        };
        rewrap(meetsAnErasure).run();

        // Then
        assertThat(count(name, "tenant_data_key")).isZero();
        assertThat(count(name, "tenant_event_key where wrapped is null and destroyed_at is not null"))
                .isEqualTo(1);
    }

    @Test
    void aDataKeyThatIsRotatedMeanwhileKeepsItsSuccessor() throws Exception {
        // Given
        TenantId tenant = tenant();
        KeysetHandle after = promoted(withNext(before));
        UUID letter = write(database, new SecretVault(before), tenant, "hello");
        execute(name, "update app.tenant_data_key set created_at = now() - interval '366 days'");
        DataKeyRotation rotation = new DataKeyRotation(
                database, new SecretVault(before), List.of(KeyFixtures.SEALED), List.of(), Duration.ofDays(365));

        // When
        SecretVault meetsARotation = new SecretVault(after) {
            @Override
            public byte[] wrap(KeysetHandle keyset, String place) {
                CompletableFuture.runAsync(rotation::run).join();
                return super.wrap(keyset, place);
            }
        };
        long left = rewrap(meetsARotation).run();

        // Then
        assertThat(left).isEqualTo(1);
        assertThat(read(database, new SecretVault(after), tenant, letter)).isEqualTo("hello");
        assertThat(rewrap(new SecretVault(after)).run()).isZero();
        assertThat(read(database, new SecretVault(shortened(after)), tenant, letter))
                .isEqualTo("hello");
    }

    @Test
    void withoutTheFirstStepTheOthersCannotReadOn() throws Exception {
        TenantId tenant = tenant();
        UUID letter = write(database, new SecretVault(before), tenant, "hello");
        rewrap(new SecretVault(promoted(withNext(before)))).run();

        assertThatThrownBy(() -> read(database, new SecretVault(before), tenant, letter))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cannot be opened with this master keyset");
    }

    private MasterRewrap rewrap(SecretVault vault) {
        return new MasterRewrap(database, vault, metrics);
    }

    private double gauge() {
        return metrics.get("crypto.keys.outdated").gauge().value();
    }

    private void insertEventKey(TenantId tenant, byte[] wrapped) {
        database.useTenant(
                tenant,
                handle -> handle.execute(
                        "insert into tenant_event_key (tenant_id, wrapped) values (?, ?)", tenant.value(), wrapped));
    }

    private byte[] eventKey(TenantId tenant) {
        return database.inTenant(tenant, handle -> handle.createQuery(
                        "select wrapped from tenant_event_key where tenant_id = app.tenant()")
                .mapTo(byte[].class)
                .one());
    }

    private static TenantId tenant() {
        return new TenantId(UUID.randomUUID());
    }
}
