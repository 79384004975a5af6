package dev.parley.platform.crypto;

import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.UUID;

/** Master keysets as an operator makes them, a table of sealed texts, and what only a superuser sees. */
final class KeyFixtures {
    static final SealedColumn SEALED = SealedColumn.of("letter", "sealed");

    private KeyFixtures() {}

    static KeysetHandle one() {
        try {
            AeadConfig.register();
            return KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With a key more, which is enabled and not primary. */
    static KeysetHandle withNext(KeysetHandle keyset) throws GeneralSecurityException {
        return KeysetHandle.newBuilder(keyset)
                .addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                        .withRandomId())
                .build();
    }

    /** With its last key as the primary one. */
    static KeysetHandle promoted(KeysetHandle keyset) throws GeneralSecurityException {
        KeysetHandle.Builder builder = KeysetHandle.newBuilder(keyset);
        builder.getAt(keyset.size() - 1).makePrimary();
        return builder.build();
    }

    /** Without its first key. */
    static KeysetHandle shortened(KeysetHandle keyset) throws GeneralSecurityException {
        return KeysetHandle.newBuilder(keyset).deleteAt(0).build();
    }

    static void createLetters(String database) throws SQLException {
        execute(database, """
                create table app.letter (tenant_id uuid not null, id uuid not null, text text not null, sealed bytea not null,
                  primary key (tenant_id, id));
                create table app.picture (tenant_id uuid not null, id uuid not null, file_key integer,
                  primary key (tenant_id, id));
                alter table app.letter enable row level security;
                alter table app.picture enable row level security;
                create policy letter_tenant_isolation on app.letter for all using (tenant_id = (select app.tenant()));
                create policy picture_tenant_isolation on app.picture for all using (tenant_id = (select app.tenant()));
                grant select, insert, update, delete on app.letter, app.picture to test_app;
                grant select, delete on app.letter, app.picture to test_eraser;
                """);
    }

    static UUID write(Database database, SecretVault vault, TenantId tenant, String text) {
        UUID id = UUID.randomUUID();
        database.useTenant(tenant, handle -> handle.createUpdate(
                        "insert into letter (tenant_id, id, text, sealed) values (:tenant, :id, :text, :sealed)")
                .bind("tenant", tenant.value())
                .bind("id", id)
                .bind("text", text)
                .bind("sealed", vault.encrypt(handle, tenant, SEALED, id, text.getBytes(StandardCharsets.UTF_8)))
                .execute());
        return id;
    }

    /** The letter as it is opened; it must be the one that was written. */
    static String read(Database database, SecretVault vault, TenantId tenant, UUID id) {
        return database.inTenant(tenant, handle -> {
            byte[] sealed = handle.createQuery("select sealed from letter where tenant_id = :tenant and id = :id")
                    .bind("tenant", tenant.value())
                    .bind("id", id)
                    .mapTo(byte[].class)
                    .one();
            return new String(vault.decrypt(handle, tenant, SEALED, id, sealed), StandardCharsets.UTF_8);
        });
    }

    static void execute(String database, String sql) throws SQLException {
        try (Connection superuser = PostgresServer.shared().superuser(database);
                Statement statement = superuser.createStatement()) {
            statement.execute(sql);
        }
    }

    static long count(String database, String from) throws SQLException {
        try (Connection superuser = PostgresServer.shared().superuser(database);
                Statement statement = superuser.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from app." + from)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** In SQL: that a value is encrypted, or a key wrapped, by that key. */
    static String under(String column, int key) {
        return "substring(" + column + " from 1 for 5) = '\\x" + HexFormat.of().formatHex(KeyName.of(key)) + "'";
    }
}
