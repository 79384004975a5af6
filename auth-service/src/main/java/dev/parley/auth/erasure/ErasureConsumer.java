package dev.parley.auth.erasure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.event.ReceivedEvent;
import dev.parley.platform.event.TransactionalEventConsumer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Hears which services have erased their part. */
@ApplicationScoped
class ErasureConsumer implements TransactionalEventConsumer {
    private final ErasureService erasures;

    ErasureConsumer(ErasureService erasures) {
        this.erasures = erasures;
    }

    @Override
    public String group() {
        return "auth-service.erasure";
    }

    @Override
    public Set<String> topics() {
        return Set.of("platform.lifecycle.events");
    }

    @Override
    public Set<String> types() {
        return Set.of("platform.tenant-data-erased.v1");
    }

    @Override
    public void handle(Handle handle, ReceivedEvent event) {
        JsonNode data = event.as(JsonNode.class);
        ObjectNode answer = ((ObjectNode) data).deepCopy().retain(List.of("tables", "kept"));
        erasures.answered(
                handle,
                event.tenantTold(),
                UUID.fromString(data.path("erasure_id").asText()),
                data.path("service").asText(),
                answer.put("at", event.time().toString()));
    }
}
