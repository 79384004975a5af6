package dev.parley.auth.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.storage.ObjectStore;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes an export as a zip, from the files of the services straight to the client: manifest.json, then each kind. */
@ApplicationScoped
class ExportArchive {
    private static final String SCHEMA = "parley-export/1";

    private final ObjectStore store;
    private final ObjectMapper mapper;

    ExportArchive(ObjectStore store, ObjectMapper mapper) {
        this.store = store;
        this.mapper = mapper;
    }

    StreamingOutput of(TenantId tenant, Export export) {
        return out -> write(tenant, export, out);
    }

    private void write(TenantId tenant, Export export, OutputStream out) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("manifest.json"));
            zip.write(mapper.writerWithDefaultPrettyPrinter()
                    .writeValueAsString(manifest(tenant, export))
                    .getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
            for (Map.Entry<String, JsonNode> part : export.parts().entrySet()) {
                for (JsonNode kind : part.getValue()) {
                    String name = name(part.getKey(), kind);
                    zip.putNextEntry(new ZipEntry(name));
                    try (InputStream file = store.read(tenant + "/exports/" + export.id() + "/" + name)
                            .orElseThrow(() -> new IOException("a part of the export is gone: " + name))) {
                        file.transferTo(zip);
                    }
                    zip.closeEntry();
                }
            }
        }
    }

    private ObjectNode manifest(TenantId tenant, Export export) {
        ObjectNode manifest = mapper.createObjectNode()
                .put("schema", SCHEMA)
                .put("tenant_id", tenant.toString())
                .put("export_id", export.id().toString())
                .put("requested_at", export.requestedAt().toString())
                .put("requested_by", export.requestedBy());
        ArrayNode files = manifest.putArray("files");
        export.parts()
                .forEach((service, kinds) -> kinds.forEach(kind -> {
                    ObjectNode file =
                            files.addObject().put("file", name(service, kind)).put("service", service);
                    file.setAll((ObjectNode) kind);
                }));
        return manifest;
    }

    private static String name(String service, JsonNode kind) {
        return service + "/" + kind.path("kind").asText() + ".jsonl";
    }
}
