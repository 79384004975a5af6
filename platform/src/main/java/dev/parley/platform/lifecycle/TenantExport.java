package dev.parley.platform.lifecycle;

import dev.parley.platform.data.Database;
import dev.parley.platform.lifecycle.ExportPartWritten.Part;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.storage.ObjectStore;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Writes this service's part of a tenant's export: a file of JSON lines for each kind, in bounded memory. */
@ApplicationScoped
class TenantExport {
    private final Database database;
    private final TenantData data;
    private final ObjectStore store;
    private final Outbox outbox;
    private final String service;

    TenantExport(
            Database database,
            TenantData data,
            ObjectStore store,
            Outbox outbox,
            @ConfigProperty(name = "quarkus.application.name") String service) {
        this.database = database;
        this.data = data;
        this.store = store;
        this.outbox = outbox;
        this.service = service;
    }

    /** Writes the part and says so; doing it again replaces it. */
    void write(TenantId tenant, UUID exportId) {
        List<Part> parts = data.tables().stream()
                .filter(table -> table.export() != null)
                .map(table -> write(tenant, exportId, table))
                .toList();
        database.useTenant(
                tenant,
                handle -> outbox.append(handle, tenant, new ExportPartWritten(tenant, exportId, service, parts)));
    }

    private Part write(TenantId tenant, UUID exportId, TenantTable table) {
        MessageDigest digest = sha256();
        AtomicLong rows = new AtomicLong();
        AtomicLong bytes = new AtomicLong();
        String kind = table.export().kind();
        store.write(file(tenant, exportId, service, kind), out -> {
            OutputStream digesting = new DigestOutputStream(out, digest);
            database.useTenant(tenant, handle -> {
                handle.execute("set transaction read only");
                new TenantRows(handle, table.export()).forEach(row -> {
                    byte[] line = (row.json() + "\n").getBytes(StandardCharsets.UTF_8);
                    write(digesting, line);
                    rows.incrementAndGet();
                    bytes.addAndGet(line.length);
                });
            });
        });
        return new Part(kind, rows.get(), bytes.get(), HexFormat.of().formatHex(digest.digest()));
    }

    /** Where a part is stored. */
    private static String file(TenantId tenant, UUID exportId, String service, String kind) {
        return tenant + "/exports/" + exportId + "/" + service + "/" + kind + ".jsonl";
    }

    private static void write(OutputStream out, byte[] line) {
        try {
            out.write(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
