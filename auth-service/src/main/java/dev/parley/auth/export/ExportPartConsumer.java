package dev.parley.auth.export;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.event.ReceivedEvent;
import dev.parley.platform.event.TransactionalEventConsumer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Hears which services have written their part of an export. */
@ApplicationScoped
class ExportPartConsumer implements TransactionalEventConsumer {
    private final ExportService exports;

    ExportPartConsumer(ExportService exports) {
        this.exports = exports;
    }

    @Override
    public String group() {
        return "auth-service.export";
    }

    @Override
    public Set<String> topics() {
        return Set.of("platform.lifecycle.events");
    }

    @Override
    public Set<String> types() {
        return Set.of("platform.export-part-written.v1");
    }

    @Override
    public void handle(Handle handle, ReceivedEvent event) {
        JsonNode data = event.as(JsonNode.class);
        exports.written(
                handle,
                UUID.fromString(data.path("export_id").asText()),
                data.path("service").asText(),
                data.path("kinds"));
    }
}
