package dev.parley.platform.lifecycle;

import dev.parley.platform.data.Database;
import dev.parley.platform.lifecycle.ExportPartWritten.Part;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.storage.ObjectStore;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Writes this service's part of a tenant's export: a file of JSON lines for each kind, in bounded memory. */
@ApplicationScoped
class TenantExport {
    private static final String CONTENTS = "-contents";

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
        List<Part> parts = new ArrayList<>();
        for (TenantTable table : data.tables()) {
            if (table.export() != null) {
                parts.add(write(tenant, exportId, table));
                if (table.files() != null) {
                    parts.add(writeFiles(tenant, exportId, table));
                }
            }
        }
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

    /** The files of a table's rows, a line for each: its row's id and its bytes in base64. */
    private Part writeFiles(TenantId tenant, UUID exportId, TenantTable table) {
        MessageDigest digest = sha256();
        AtomicLong rows = new AtomicLong();
        String kind = table.export().kind() + CONTENTS;
        Counting[] counted = new Counting[1];
        store.write(file(tenant, exportId, service, kind), out -> {
            Counting counting = new Counting(new DigestOutputStream(out, digest));
            counted[0] = counting;
            for (UUID id : ids(tenant, table)) {
                Optional<InputStream> file = data.file(tenant, table, id);
                if (file.isPresent()) {
                    writeFile(counting, id, file.get());
                    rows.incrementAndGet();
                }
            }
        });
        return new Part(kind, rows.get(), counted[0].bytes, HexFormat.of().formatHex(digest.digest()));
    }

    private List<UUID> ids(TenantId tenant, TenantTable table) {
        return database.inTenant(tenant, handle -> handle.createQuery(
                        "select id from app." + table.name() + " where tenant_id = app.tenant() order by id")
                .mapTo(UUID.class)
                .list());
    }

    private static void writeFile(OutputStream out, UUID id, InputStream file) throws IOException {
        out.write(("{\"id\":\"" + id + "\",\"content\":\"").getBytes(StandardCharsets.UTF_8));
        try (file;
                OutputStream base64 = Base64.getEncoder().wrap(new Unclosed(out))) {
            file.transferTo(base64);
        }
        out.write("\"}\n".getBytes(StandardCharsets.UTF_8));
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

    /** Counts what is written. */
    private static final class Counting extends FilterOutputStream {
        private long bytes;

        Counting(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            bytes++;
        }

        @Override
        public void write(byte[] b, int off, int len) throws IOException {
            out.write(b, off, len);
            bytes += len;
        }
    }

    /** Stays open when what is written to it ends. */
    private static final class Unclosed extends FilterOutputStream {
        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] b, int off, int len) throws IOException {
            out.write(b, off, len);
        }

        @Override
        public void close() {
            // the part goes on
        }
    }
}
