package dev.parley.agent.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.agent.provider.openai.OpenAiRequest;
import dev.parley.platform.crypto.SealedColumn;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

/** Keeps what was asked for each reply, in OpenAI's form and encrypted under the tenant's key, so that it can be asked again. */
@ApplicationScoped
class KeptRequests {
    private static final Logger LOG = Logger.getLogger(KeptRequests.class);

    @Produces
    static final SealedColumn ASKED = SealedColumn.of("run_request", "asked").identifiedBy("operation_id");

    /** Before the provider's own limits, and enough for a few pictures; what is larger is not kept. */
    private static final int LARGEST = 1024 * 1024;

    private static final int FRAME = 128;

    private final Database database;
    private final SecretVault vault;
    private final ObjectMapper json;

    KeptRequests(Database database, SecretVault vault, ObjectMapper json) {
        this.database = database;
        this.vault = vault;
        this.json = json;
    }

    /**
     * What was asked.
     *
     * @param provider the name of who answered
     * @param request the whole request in OpenAI's form
     * @param granted whether functions of the platform could be called
     */
    record Kept(String provider, JsonNode request, boolean granted) {
        /** The same request, once more. */
        LlmRequest read(ObjectMapper json) {
            List<RunRequest.RunMessage> messages = new ArrayList<>();
            for (JsonNode message : request.path("messages")) {
                messages.add(new RunRequest.RunMessage(
                        message.path("role").asText(),
                        message.get("content"),
                        message.get("tool_calls"),
                        message.path("tool_call_id").asText(null)));
            }
            LlmRequest ask = new LlmRequest(
                    request.path("model").asText(null),
                    MessageReader.read(messages),
                    request.has("temperature") ? request.get("temperature").doubleValue() : null,
                    request.has("max_tokens") ? request.get("max_tokens").intValue() : null,
                    MessageReader.readStop(request.get("stop")),
                    ToolReader.readTools(request.get("tools"), request.get("tool_choice")),
                    ToolReader.readFormat(request.get("response_format")));
            return granted ? ask.with(ask.tools().forbidden()) : ask;
        }

        /** What the conversation was: without the instructions, which are their author's. */
        ArrayNode conversation(ObjectMapper json) {
            ArrayNode conversation = json.createArrayNode();
            for (JsonNode message : request.path("messages")) {
                if (!message.path("role").asText().equals("system")) {
                    conversation.add(message);
                }
            }
            return conversation;
        }
    }

    /**
     * What is stored: the request of the last answer, with the results of functions that came before it, and who gave it.
     * Null when it is too large to be kept, or cannot be at this moment: the reply is there all the same.
     */
    byte[] seal(TenantId tenant, UUID runId, RunPlan plan, ModelCall.Made made) {
        try {
            byte[] plain = write(plan, made);
            if (plain.length > LARGEST) {
                return null;
            }
            return vault.encryptIfOpen(tenant, ASKED, runId, plain)
                    .orElseGet(() ->
                            database.inTenant(tenant, handle -> vault.encrypt(handle, tenant, ASKED, runId, plain)));
        } catch (RuntimeException unreachable) {
            LOG.warn("what was asked for a reply is not kept", unreachable);
            return null;
        }
    }

    private byte[] write(RunPlan plan, ModelCall.Made made) {
        byte[] request = OpenAiRequest.write(json, made.asked().of(made.by().model()), false);
        ByteArrayOutputStream out = new ByteArrayOutputStream(request.length + FRAME);
        try {
            out.writeBytes("{\"provider\":".getBytes(StandardCharsets.UTF_8));
            out.writeBytes(json.writeValueAsBytes(made.by().endpoint().name()));
            out.writeBytes(
                    (",\"granted\":" + !plan.granted().isEmpty() + ",\"request\":").getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
        out.writeBytes(request);
        out.write('}');
        return out.toByteArray();
    }

    /** Opens what was stored. */
    Kept open(Handle handle, TenantId tenant, UUID runId, byte[] sealed) {
        try {
            JsonNode kept = json.readTree(vault.decrypt(handle, tenant, ASKED, runId, sealed));
            return new Kept(
                    kept.path("provider").asText(),
                    kept.path("request"),
                    kept.path("granted").asBoolean());
        } catch (IOException corrupt) {
            throw new UncheckedIOException(corrupt);
        }
    }
}
