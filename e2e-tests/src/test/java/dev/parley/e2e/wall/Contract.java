package dev.parley.e2e.wall;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.parley.e2e.wall.Operation.Parameter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The operations of an OpenAPI document, with references followed. */
record Contract(List<Operation> operations) {
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    /** Reads a document; operations come ordered by path and method. */
    static Contract of(JsonNode document) {
        List<Operation> operations = new ArrayList<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(entry -> {
                    if (METHODS.contains(entry.getKey())) {
                        operations.add(
                                operation(document, entry.getKey(), path.getKey(), path.getValue(), entry.getValue()));
                    }
                }));
        operations.sort(Comparator.comparing(Operation::path).thenComparing(Operation::method));
        return new Contract(List.copyOf(operations));
    }

    Optional<Operation> find(String method, String path) {
        return operations.stream()
                .filter(operation ->
                        operation.method().equals(method) && operation.path().equals(path))
                .findFirst();
    }

    private static Operation operation(
            JsonNode document, String method, String path, JsonNode item, JsonNode operation) {
        List<Parameter> parameters = new ArrayList<>();
        for (JsonNode source : List.of(item.path("parameters"), operation.path("parameters"))) {
            source.forEach(parameter -> {
                String name = parameter.path("name").asText();
                int at = path.indexOf("/{" + name + "}");
                parameters.add(new Parameter(
                        name,
                        parameter.path("in").asText(),
                        at < 0 ? "" : path.substring(0, at),
                        parameter.path("required").asBoolean(),
                        resolved(document, parameter.path("schema"))));
            });
        }
        JsonNode json = operation.at("/requestBody/content/application~1json/schema");
        return new Operation(
                method.toUpperCase(java.util.Locale.ROOT),
                path,
                List.copyOf(parameters),
                roles(operation.path("security")),
                json.isMissingNode() ? MissingNode.getInstance() : resolved(document, json),
                operation.at("/requestBody/content").has("*/*"));
    }

    /** Null for an operation that needs nobody, as an empty list of requirements says. */
    private static Set<String> roles(JsonNode security) {
        if (security.isEmpty()) {
            return null;
        }
        Set<String> roles = new HashSet<>();
        security.forEach(scheme -> scheme.forEach(names -> names.forEach(name -> roles.add(name.asText()))));
        return roles;
    }

    private static JsonNode resolved(JsonNode document, JsonNode schema) {
        return resolved(document, schema, 0);
    }

    /** References are followed a few levels deep: schemas may contain themselves. */
    private static JsonNode resolved(JsonNode document, JsonNode schema, int depth) {
        String reference = schema.path("$ref").asText("");
        JsonNode target = reference.isEmpty() ? schema : document.at(reference.substring(1));
        if (depth > 4 || !(target instanceof com.fasterxml.jackson.databind.node.ObjectNode object)) {
            return target;
        }
        var copy = object.deepCopy();
        for (String nested : List.of("items", "additionalProperties")) {
            if (copy.path(nested).isObject()) {
                copy.set(nested, resolved(document, copy.get(nested), depth + 1));
            }
        }
        if (copy.path("properties") instanceof com.fasterxml.jackson.databind.node.ObjectNode properties) {
            properties
                    .properties()
                    .forEach(member -> member.setValue(resolved(document, member.getValue(), depth + 1)));
        }
        return copy;
    }
}
