package dev.parley.e2e.wall;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;

/**
 * One operation of the published contract.
 *
 * @param roles who may call it, any of these: empty means anybody who is known, null means everybody
 * @param body the schema of its JSON body, missing when it takes none
 * @param takesBytes whether its body is a file of any type
 */
record Operation(
        String method, String path, List<Parameter> parameters, Set<String> roles, JsonNode body, boolean takesBytes) {
    static final String ACCESS_REASON = "X-Access-Reason";
    private static final Set<String> SAFE = Set.of("GET", "HEAD");

    /**
     * A parameter in the path or the query.
     *
     * @param collection for one in the path: the path before it, such as {@code /api/v1/conversations}
     */
    record Parameter(String name, String in, String collection, boolean required, JsonNode schema) {}

    boolean isPublic() {
        return roles == null;
    }

    boolean isSafe() {
        return SAFE.contains(method);
    }

    boolean hasBody() {
        return !body.isMissingNode();
    }

    boolean allows(Principal caller) {
        return isPublic() || roles.isEmpty() || roles.stream().anyMatch(caller.roles()::contains);
    }

    /** Whether Parley's staff must say why: for each look in a header, for a change where its body has a place for it. */
    boolean needsReason() {
        return isSafe()
                        && parameters.stream()
                                .anyMatch(parameter -> parameter.name().equalsIgnoreCase(ACCESS_REASON))
                || body.path("properties").has("reason") && forStaff();
    }

    boolean forStaff() {
        return roles != null && roles.equals(Set.of("platform-admin"));
    }

    /** Whether its path takes a secret: who knows it may be told that it is for somebody else. */
    boolean opensByToken() {
        return inPath().stream().anyMatch(parameter -> parameter.name().equals("token"));
    }

    List<Parameter> inPath() {
        return parameters.stream()
                .filter(parameter -> parameter.in().equals("path"))
                .toList();
    }

    List<Parameter> inQuery() {
        return parameters.stream()
                .filter(parameter -> parameter.in().equals("query"))
                .toList();
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
