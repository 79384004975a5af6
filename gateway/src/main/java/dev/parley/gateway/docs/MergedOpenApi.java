package dev.parley.gateway.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Joins the OpenAPI documents of the services into one. A component that two services define differently under one name
 * keeps its name for the first and gets the service's name in front for the other.
 */
final class MergedOpenApi {
    private static final String REF = "$ref";
    private static final String COMPONENTS = "#/components/";
    private static final String SCOPE = "scope:";
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private final JsonMapper json = new JsonMapper();
    private final ObjectNode merged = json.createObjectNode();
    private final ObjectNode paths;
    private final ObjectNode components;
    private final Set<String> tags = new HashSet<>();

    MergedOpenApi(String serverUrl) {
        merged.put("openapi", "3.1.0");
        merged.putObject("info")
                .put("title", "Parley")
                .put("version", "1")
                .put("description", "The public API of Parley: every service, one address.");
        merged.putArray("servers").addObject().put("url", serverUrl);
        merged.putArray("security").addObject().putArray("bearer");
        merged.withArrayProperty("security").addObject().putArray("api-key");
        merged.putArray("tags");
        this.paths = merged.putObject("paths");
        this.components = merged.putObject("components");
        ObjectNode schemes = components.putObject("securitySchemes");
        schemes.putObject("bearer")
                .put("type", "http")
                .put("scheme", "bearer")
                .put("description", "An access token of a login, or an API key (pk_...).");
        schemes.putObject("api-key").put("type", "apiKey").put("in", "header").put("name", "X-API-Key");
    }

    /** Adds what of a service's document is public. */
    void add(String service, JsonNode document, Predicate<String> isPublic) {
        ObjectNode own = document.deepCopy();
        List<String> hidden = new ArrayList<>();
        own.path("paths").fieldNames().forEachRemaining(path -> {
            if (!isPublic.test(path)) {
                hidden.add(path);
            }
        });
        if (own.get("paths") instanceof ObjectNode ownPaths) {
            ownPaths.remove(hidden);
            rename(own, renamings(service, own.path("components")));
            ownPaths.properties().forEach(path -> {
                JsonNode known = paths.get(path.getKey());
                JsonNode more = withPublicSecurity(path.getValue());
                if (known instanceof ObjectNode object && more instanceof ObjectNode operations) {
                    object.setAll(operations);
                } else {
                    paths.set(path.getKey(), more);
                }
            });
        }
        own.path("components").properties().forEach(kind -> {
            if (!kind.getKey().equals("securitySchemes") && kind.getValue() instanceof ObjectNode values) {
                components.withObjectProperty(kind.getKey()).setAll(values);
            }
        });
        for (JsonNode tag : own.path("tags")) {
            if (tags.add(tag.path("name").asText())) {
                merged.withArrayProperty("tags").add(tag);
            }
        }
    }

    /** The document. */
    JsonNode document() {
        return merged;
    }

    /** Reference of each component that must change its name to its new reference. */
    private Map<String, String> renamings(String service, JsonNode ownComponents) {
        Map<String, String> renamed = new HashMap<>();
        ownComponents.properties().forEach(kind -> {
            if (!(kind.getValue() instanceof ObjectNode values) || kind.getKey().equals("securitySchemes")) {
                return;
            }
            List<String> clashes = new ArrayList<>();
            values.properties().forEach(value -> {
                JsonNode known = components.path(kind.getKey()).get(value.getKey());
                if (known != null && !known.equals(value.getValue())) {
                    clashes.add(value.getKey());
                }
            });
            for (String name : clashes) {
                String unique = Character.toUpperCase(service.charAt(0)) + service.substring(1) + name;
                values.set(unique, values.remove(name));
                String base = COMPONENTS + kind.getKey() + "/";
                renamed.put(base + name, base + unique);
            }
        });
        return renamed;
    }

    private static void rename(JsonNode node, Map<String, String> renamed) {
        if (renamed.isEmpty()) {
            return;
        }
        if (node instanceof ObjectNode object) {
            String target =
                    object.path(REF).isTextual() ? renamed.get(object.get(REF).asText()) : null;
            if (target != null) {
                object.set(REF, TextNode.valueOf(target));
            }
        }
        node.forEach(child -> rename(child, renamed));
    }

    /**
     * The services name a scheme of their own for the gateway's token; clients use those of this document. The roles
     * stay, of which any one suffices; a role that is a scope opens an operation to API keys. An operation that needs
     * nobody says so by an empty list.
     */
    private JsonNode withPublicSecurity(JsonNode path) {
        path.properties().forEach(entry -> {
            if (METHODS.contains(entry.getKey()) && entry.getValue() instanceof ObjectNode operation) {
                JsonNode required = operation.path("security");
                ArrayNode security = operation.putArray("security");
                if (!required.isEmpty()) {
                    ArrayNode roles = security.addObject().putArray("bearer");
                    required.forEach(scheme -> scheme.forEach(names -> names.forEach(roles::add)));
                    ArrayNode scopes = json.createArrayNode();
                    roles.forEach(role -> {
                        if (role.asText().startsWith(SCOPE)) {
                            scopes.add(role);
                        }
                    });
                    if (roles.isEmpty() || !scopes.isEmpty()) {
                        security.addObject().set("api-key", scopes);
                    }
                }
            }
        });
        return path;
    }
}
