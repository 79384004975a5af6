package dev.parley.agent.httptool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.agent.tool.JsonForm;
import dev.parley.agent.tool.ToolBox;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Keeps tenants' own functions; each change is audited, and neither audit nor view has a secret. */
@ApplicationScoped
public class HttpToolService {
    private static final int LARGEST_SCHEMA = 16 * 1024;

    private final Database database;
    private final HttpToolRepository tools;
    private final HttpTools known;
    private final ToolBox box;
    private final SecretVault vault;
    private final Audit audit;
    private final HttpToolConfig config;

    HttpToolService(
            Database database,
            HttpToolRepository tools,
            HttpTools known,
            ToolBox box,
            SecretVault vault,
            Audit audit,
            HttpToolConfig config) {
        this.database = database;
        this.tools = tools;
        this.known = known;
        this.box = box;
        this.vault = vault;
        this.audit = audit;
        this.config = config;
    }

    /** The tenant's functions by name. */
    List<HttpToolView> list(TenantId tenant) {
        return database.inTenant(tenant, handle -> tools.list(handle, tenant).stream()
                .map(HttpToolRepository.Row::view)
                .toList());
    }

    /** One function; 404 when there is none. */
    HttpToolView get(TenantId tenant, UUID id) {
        return database.inTenant(tenant, handle -> tools.find(handle, tenant, id)
                .orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND))
                .view());
    }

    /** Adds a function, whose address was checked. */
    HttpToolView create(Caller caller, CreateToolRequest request) {
        TenantId tenant = caller.tenant();
        if (box.names().contains(request.name())) {
            throw new Problem(HttpToolProblem.TOOL_NAME_TAKEN)
                    .detail("The platform has a function " + request.name() + ".");
        }
        checkForm(request.parameters());
        HttpToolView created = database.inTenant(tenant, handle -> {
            if (tools.list(handle, tenant).size() >= config.mostTools()) {
                throw new Problem(HttpToolProblem.TOOL_LIMIT)
                        .detail("There may be " + config.mostTools() + " functions. Delete one that is not needed.");
            }
            UUID id = Ids.next();
            SecretHeader header = request.secretHeader();
            HttpToolRepository.Row row = new HttpToolRepository.Row(
                    id,
                    request.name(),
                    request.description(),
                    request.parameters(),
                    request.url(),
                    header == null ? null : header.name(),
                    sealed(handle, tenant, id, header),
                    Objects.requireNonNullElse(request.timeoutSeconds(), (int)
                            config.usualTimeout().toSeconds()),
                    Boolean.TRUE.equals(request.highImpact()),
                    !Boolean.FALSE.equals(request.enabled()),
                    null,
                    null,
                    caller.actor());
            if (!tools.insert(handle, tenant, row)) {
                throw new Problem(HttpToolProblem.TOOL_NAME_TAKEN)
                        .detail("The organisation has a function " + request.name() + ".");
            }
            HttpToolView after = tools.find(handle, tenant, id).orElseThrow().view();
            record(handle, caller, "tool.create", id, null, after);
            return after;
        });
        known.evict(tenant);
        return created;
    }

    /**
     * Changes a function, whose new address was checked.
     *
     * @param elsewhere whether the new address is another host's than the one that was seen
     * @param seen the address that the new one was compared with; 409 when it is another by now
     */
    HttpToolView change(Caller caller, UUID id, ChangeToolRequest request, String seen, boolean elsewhere) {
        TenantId tenant = caller.tenant();
        if (request.parameters() != null) {
            checkForm(request.parameters());
        }
        HttpToolView changed = database.inTenant(tenant, handle -> {
            HttpToolRepository.Row before =
                    tools.lock(handle, tenant, id).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
            if (!before.url().equals(seen)) {
                throw new Problem(CommonProblem.CONFLICT).detail("Somebody changed it at the same time. Look again.");
            }
            SecretHeader header = request.secretHeader();
            if (elsewhere && before.secret() != null && header == null) {
                throw invalid("The new address is another host's: give secret_header again, for that host.");
            }
            tools.update(
                    handle,
                    tenant,
                    new HttpToolRepository.Row(
                            id,
                            before.name(),
                            Objects.requireNonNullElse(request.description(), before.description()),
                            request.parameters() == null ? before.parameters() : request.parameters(),
                            Objects.requireNonNullElse(request.url(), before.url()),
                            header == null ? before.secretName() : header.name(),
                            header == null ? before.secret() : sealed(handle, tenant, id, header),
                            Objects.requireNonNullElse(request.timeoutSeconds(), before.timeoutSeconds()),
                            Objects.requireNonNullElse(request.highImpact(), before.highImpact()),
                            Objects.requireNonNullElse(request.enabled(), before.enabled()),
                            null,
                            null,
                            before.createdBy()));
            HttpToolView after = tools.find(handle, tenant, id).orElseThrow().view();
            record(handle, caller, "tool.change", id, before.view(), after);
            return after;
        });
        known.evict(tenant);
        return changed;
    }

    /** Removes a function: agents that were granted it can call it no more. 404 when there is none. */
    void remove(Caller caller, UUID id) {
        TenantId tenant = caller.tenant();
        database.useTenant(tenant, handle -> {
            HttpToolView before = tools.lock(handle, tenant, id)
                    .orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND))
                    .view();
            tools.delete(handle, tenant, id);
            record(handle, caller, "tool.delete", id, before, null);
        });
        known.evict(tenant);
    }

    private byte[] sealed(Handle handle, TenantId tenant, UUID id, SecretHeader header) {
        if (header == null) {
            return null;
        }
        if (header.isOurs()) {
            throw invalid("The header " + header.name() + " is not free.");
        }
        return vault.encrypt(
                handle, tenant, HttpTools.SECRET, id, header.value().getBytes(StandardCharsets.UTF_8));
    }

    private static void checkForm(JsonNode parameters) {
        String written = parameters.toString();
        if (written.contains("\\u0000") || !StandardCharsets.UTF_8.newEncoder().canEncode(written)) {
            throw invalid("parameters has characters that no text has.");
        }
        if (!parameters.isObject()
                || !parameters.path("type").asText("").equals("object")
                || written.length() > LARGEST_SCHEMA) {
            throw invalid(
                    "parameters is a JSON Schema of the type object, of at most " + LARGEST_SCHEMA + " characters.");
        }
        try {
            JsonForm.of(parameters);
        } catch (IllegalArgumentException unusable) {
            throw invalid("parameters is not a usable JSON Schema.");
        }
    }

    private static Problem invalid(String why) {
        return new Problem(HttpToolProblem.TOOL_INVALID).detail(why);
    }

    private void record(Handle handle, Caller caller, String action, UUID id, HttpToolView before, HttpToolView after) {
        audit.record(
                handle, caller, caller.tenant(), new AuditEntry(action, "tool", id.toString(), before, after, null));
    }
}
