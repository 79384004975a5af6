package dev.parley.platform.crypto;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Mac;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.aead.AeadConfig;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts what tenants entrust to us (tokens, provider keys): AES-256-GCM under a data key per tenant, which is
 * wrapped by the master keyset. Tenant, table, column and row are authenticated with it, so a ciphertext that is
 * moved elsewhere does not decrypt; destroying the tenant's data key destroys its secrets.
 *
 * <p>Opened data keys stay in memory for ten minutes. A ciphertext names its key, so one that another replica made
 * under a newer key has the tenant's keys read again.
 */
@ApplicationScoped
public class SecretVault {
    /** For how long a replica may go on without seeing a change of a tenant's keys. */
    static final Duration REMEMBERED = Duration.ofMinutes(10);

    private static final int MANY = 10_000;

    private final MasterKeyset master;
    private final @Nullable Set<SealedColumn> columns;
    private final Cache<TenantId, DataKey> dataKeys =
            Caffeine.newBuilder().maximumSize(MANY).expireAfterWrite(REMEMBERED).build();
    /** Keys that ciphertexts name and tenants do not have: to be looked for once, not with every read of garbage. */
    private final Cache<Stranger, Boolean> strangers =
            Caffeine.newBuilder().maximumSize(MANY).expireAfterWrite(REMEMBERED).build();

    @Inject
    SecretVault(@ConfigProperty(name = "parley.master-keyset") String keysetFile, @Any Instance<SealedColumn> columns) {
        this.master = MasterKeyset.read(keysetFile);
        this.columns = columns.stream().collect(Collectors.toUnmodifiableSet());
    }

    /** Made by hand in tests, with a master keyset, for any column. */
    public SecretVault(KeysetHandle masterKeyset) {
        this.master = new MasterKeyset(masterKeyset);
        this.columns = null;
    }

    /** Encrypts a secret for one place; the tenant's data key is made at first use, in this transaction. */
    public byte[] encrypt(Handle handle, TenantId tenant, SealedColumn column, UUID row, byte[] secret) {
        demandDeclared(column);
        return dataKey(handle, tenant).encrypt(column, row, secret);
    }

    /** As {@link #encrypt}, without a transaction: empty when the tenant's data key is not at hand. */
    public Optional<byte[]> encryptIfOpen(TenantId tenant, SealedColumn column, UUID row, byte[] secret) {
        demandDeclared(column);
        return Optional.ofNullable(dataKeys.getIfPresent(tenant)).map(key -> key.encrypt(column, row, secret));
    }

    /** Decrypts a secret of that place; fails when it was made for another one. */
    public byte[] decrypt(Handle handle, TenantId tenant, SealedColumn column, UUID row, byte[] ciphertext) {
        DataKey key = dataKey(handle, tenant);
        if (!key.knows(ciphertext)) {
            key = newerKey(handle, tenant, key, KeyName.in(ciphertext).orElse(0));
        }
        return key.decrypt(column, row, ciphertext);
    }

    /** As {@link #decrypt}, without a transaction: empty when the tenant's data key is not at hand, or too old. */
    public Optional<byte[]> decryptIfOpen(TenantId tenant, SealedColumn column, UUID row, byte[] ciphertext) {
        return Optional.ofNullable(dataKeys.getIfPresent(tenant))
                .filter(key -> key.knows(ciphertext))
                .map(key -> key.decrypt(column, row, ciphertext));
    }

    /**
     * What seals a tenant's files, of any length and without holding them; made from the first of its data keys, so that
     * all who write one file seal it alike.
     */
    public FileKey fileKey(Handle handle, TenantId tenant) {
        return fileKey(handle, tenant, null);
    }

    /** What opens files that were sealed by the {@link FileKey} of that id, or by a tenant's first without one. */
    public FileKey fileKey(Handle handle, TenantId tenant, @Nullable Integer id) {
        DataKey key = dataKey(handle, tenant);
        FileKey file = key.file(id);
        if (file == null) {
            file = newerKey(handle, tenant, key, id).file(id);
        }
        if (file == null) {
            throw new IllegalStateException("the file key " + id + " of tenant " + tenant + " is gone");
        }
        return file;
    }

    /** Forgets the opened data key of a tenant whose wrapped one is destroyed. */
    public void forget(TenantId tenant) {
        dataKeys.invalidate(tenant);
    }

    /** Wraps a keyset with the master keyset, bound to its place, for example {@code tenant_event_key|<tenant>}. */
    public byte[] wrap(KeysetHandle keyset, String place) {
        return master.wrap(keyset, place);
    }

    /** Opens what {@link #wrap} made for that place. */
    public KeysetHandle unwrap(byte[] wrapped, String place) {
        return master.unwrap(wrapped, place);
    }

    /** The number of the master key that {@link #wrap} uses. */
    int wrappingKey() {
        return master.primary();
    }

    /**
     * Signs and checks what this service hands out and gets back, for one purpose: HMAC-SHA256 under keys derived from
     * the master keyset, so every replica has them and a rotation of that keyset rotates them too.
     */
    public Mac mac(String purpose) {
        return master.mac(purpose);
    }

    /** What encrypts with an AEAD keyset. */
    public static Aead aead(KeysetHandle keyset) {
        try {
            AeadConfig.register();
            return keyset.getPrimitive(RegistryConfiguration.get(), Aead.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("not an AEAD keyset", e);
        }
    }

    /** A tenant's data key as it is stored. */
    DataKey open(TenantId tenant, byte[] wrapped) {
        return new DataKey(tenant, master.unwrap(wrapped, place(tenant)));
    }

    /** A tenant's data key as it is to be stored. */
    byte[] closed(TenantId tenant, KeysetHandle keyset) {
        return master.wrap(keyset, place(tenant));
    }

    private void demandDeclared(SealedColumn column) {
        if (columns != null && !columns.contains(column)) {
            throw new IllegalStateException(column + " is not produced as a bean: a rotation of keys would forget it");
        }
    }

    private DataKey dataKey(Handle handle, TenantId tenant) {
        DataKey known = dataKeys.getIfPresent(tenant);
        return known != null ? known : read(handle, tenant).orElseGet(() -> made(handle, tenant));
    }

    /** Reads the tenant's keys again for one that it lacks, unless that was in vain lately. */
    private DataKey newerKey(Handle handle, TenantId tenant, DataKey known, int id) {
        Stranger stranger = new Stranger(tenant, id);
        if (strangers.getIfPresent(stranger) != null) {
            return known;
        }
        DataKey now = read(handle, tenant).orElse(known);
        if (now.file(id) == null) {
            strangers.put(stranger, true);
        }
        return now;
    }

    private DataKey made(Handle handle, TenantId tenant) {
        handle.createUpdate("""
                insert into tenant_data_key (tenant_id, wrapped) values (:tenant, :wrapped)
                on conflict do nothing
                """)
                .bind("tenant", tenant.value())
                .bind("wrapped", closed(tenant, DataKey.fresh()))
                .execute();
        return read(handle, tenant).orElseThrow();
    }

    /** The stored key; remembered, but for one that this transaction itself has written and may still roll back. */
    private Optional<DataKey> read(Handle handle, TenantId tenant) {
        return handle.createQuery("""
                        select wrapped, coalesce(xmin = cast(pg_current_xact_id_if_assigned() as xid), false) as ours
                          from tenant_data_key where tenant_id = :tenant
                        """)
                .bind("tenant", tenant.value())
                .map((row, context) -> {
                    DataKey opened = open(tenant, row.getBytes("wrapped"));
                    if (!row.getBoolean("ours")) {
                        dataKeys.put(tenant, opened);
                    }
                    return opened;
                })
                .findOne();
    }

    private static String place(TenantId tenant) {
        return "tenant_data_key|" + tenant;
    }

    private record Stranger(TenantId tenant, int key) {}
}
