package dev.parley.auth.proof;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.auth.audit.AuditFact;
import dev.parley.auth.audit.AuditLogEntry;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes a whole trail to a client, with all that is needed to check it without Parley. */
@ApplicationScoped
public class AuditExportFlow {
    private static final String FORMAT = "parley-audit/1";
    private static final ObjectMapper PLAIN = new ObjectMapper();
    private static final List<String> COLUMNS = List.of(
            "seq",
            "at",
            "actor",
            "action",
            "resource_type",
            "resource_id",
            "before",
            "after",
            "reason",
            "ticket",
            "staff",
            "access_id",
            "operation_id",
            "event_id",
            "previous_hash",
            "hash");

    private final ProofService proofs;
    private final HeadFlow heads;
    private final AuditKeyService keys;
    private final Clock clock;

    AuditExportFlow(ProofService proofs, HeadFlow heads, AuditKeyService keys, Clock clock) {
        this.proofs = proofs;
        this.heads = heads;
        this.keys = keys;
        this.clock = clock;
    }

    /** A header line, a line for each entry, and at last the signed head. */
    StreamingOutput ndjson(Caller caller) {
        TenantId tenant = caller.tenant();
        Optional<SignedHead> head = heads.current(tenant);
        String published = keys.published();
        return output -> {
            try (Writer writer = writer(output)) {
                ObjectNode header = PLAIN.createObjectNode();
                header.put("type", "header")
                        .put("format", FORMAT)
                        .put("tenant_id", tenant.toString())
                        .put("exported_at", clock.instant().toString())
                        .set("keys", json(published));
                line(writer, header.toString());
                write(tenant, writer, entry -> entry(entry).toString());
                ObjectNode end = PLAIN.createObjectNode().put("type", "head");
                head.ifPresentOrElse(
                        signed -> end.put("seq", signed.seq())
                                .put("hash", signed.hash())
                                .put("jws", signed.jws()),
                        () -> end.putNull("jws"));
                line(writer, end.toString());
            }
        };
    }

    /** A table with a header row, and a last row with the signed head. */
    StreamingOutput csv(Caller caller) {
        TenantId tenant = caller.tenant();
        Optional<SignedHead> head = heads.current(tenant);
        return output -> {
            try (Writer writer = writer(output)) {
                row(writer, COLUMNS.stream());
                write(tenant, writer, entry -> {
                    ObjectNode members = entry(entry);
                    return cells(COLUMNS.stream()
                            .map(column -> members.path(column).isNull()
                                    ? ""
                                    : members.path(column).asText("")));
                });
                row(writer, Stream.of("head", head.map(SignedHead::jws).orElse("")));
            }
        };
    }

    private void write(TenantId tenant, Writer writer, Function<AuditLogEntry, String> form) throws IOException {
        long after = Long.MIN_VALUE;
        while (true) {
            List<AuditLogEntry> page = proofs.page(tenant, after);
            for (AuditLogEntry entry : page) {
                line(writer, form.apply(entry));
            }
            if (page.isEmpty()) {
                return;
            }
            after = page.getLast().seq();
        }
    }

    private static ObjectNode entry(AuditLogEntry entry) {
        AuditFact fact = entry.fact();
        ObjectNode members = PLAIN.createObjectNode();
        members.put("type", "entry");
        members.put("previous_hash", entry.previousHash());
        members.put("seq", entry.seq());
        members.put("event_id", fact.eventId().toString());
        members.put("at", fact.at().toString());
        members.put("actor", fact.actor());
        members.put("action", fact.action());
        members.put("resource_type", fact.resourceType());
        members.put("resource_id", fact.resourceId());
        members.put("before", fact.before());
        members.put("after", fact.after());
        members.put("reason", fact.reason());
        members.put("operation_id", text(fact.operationId()));
        members.put("ticket", fact.ticket());
        members.put("staff", fact.staff());
        members.put("access_id", text(fact.accessId()));
        members.put("hash", entry.hash());
        return members;
    }

    private static @Nullable String text(@Nullable Object value) {
        return Objects.toString(value, null);
    }

    private static void row(Writer writer, Stream<String> values) throws IOException {
        line(writer, cells(values));
    }

    private static String cells(Stream<String> values) {
        return values.map(AuditExportFlow::cell).collect(Collectors.joining(","));
    }

    /** Quoted, and never a formula: a spreadsheet would run what a stranger wrote into a name. */
    static String cell(String value) {
        boolean formula = !value.isEmpty() && "=+-@\t\r\n".indexOf(value.charAt(0)) >= 0;
        return '"' + (formula ? "'" : "") + value.replace("\"", "\"\"") + '"';
    }

    private static void line(Writer writer, String text) throws IOException {
        writer.write(text);
        writer.write('\n');
    }

    private static Writer writer(OutputStream output) {
        return new BufferedWriter(new OutputStreamWriter(output, StandardCharsets.UTF_8), 32 * 1024);
    }

    private static JsonNode json(String text) {
        try {
            return PLAIN.readTree(text);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a JWK set that is no JSON", impossible);
        }
    }
}
