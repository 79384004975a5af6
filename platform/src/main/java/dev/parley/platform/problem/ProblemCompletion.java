package dev.parley.platform.problem;

import dev.parley.platform.operation.Operation;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemContext;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemPostProcessor;
import io.quarkiverse.resteasy.problem.validation.Violation;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives every problem, whoever raised it, the members that api.md promises: type, code, operation_id, field errors,
 * and under {@code /v1/} the error object that OpenAI clients read. Texts of exceptions never leave the service.
 */
@ApplicationScoped
public final class ProblemCompletion implements ProblemPostProcessor {
    private static final Set<String> LIBRARY_MEMBERS = Set.of("violations", "field", "error");

    @Override
    public HttpProblem apply(HttpProblem problem, ProblemContext context) {
        Map<String, Object> members = new LinkedHashMap<>(problem.getParameters());
        boolean ours = members.containsKey("code");
        CommonProblem common = CommonProblem.ofStatus(problem.getStatusCode());
        HttpProblem.Builder builder =
                HttpProblem.builder().withStatus(ours ? problem.getStatusCode() : common.status());
        String title = ours ? problem.getTitle() : common.title();
        builder.withType(ours ? problem.getType() : common.type()).withTitle(title);
        String detail = ours ? problem.getDetail() : safeDetail(problem, context);
        if (detail != null) {
            builder.withDetail(detail);
        }
        if (!ours) {
            LIBRARY_MEMBERS.forEach(members::remove);
            members.put("code", common.name());
        }
        // the library's own post-processors may have rebuilt its validation problem as a plain one
        if (problem.getParameters().get("violations") instanceof List<?> violations) {
            members.put("errors", fieldErrors(violations));
        }
        members.put("operation_id", Operation.id().toString());
        if (context.path != null && (context.path.startsWith("/v1/") || context.path.startsWith("v1/"))) {
            members.put(
                    "error",
                    openAiError(problem, String.valueOf(members.get("code")), detail == null ? title : detail));
        }
        members.forEach(builder::with);
        problem.getHeaders().forEach(builder::withHeader);
        return builder.build();
    }

    /** The error object that OpenAI's clients expect, for a problem's status, code and message. */
    public static Map<String, Object> openAiError(int status, String code, String message) {
        String type =
                switch (status) {
                    case 401 -> "authentication_error";
                    case 402 -> "insufficient_quota";
                    case 403 -> "permission_error";
                    case 404, 400, 413, 415, 422 -> "invalid_request_error";
                    case 429 -> "rate_limit_error";
                    default -> "api_error";
                };
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("message", message);
        error.put("type", type);
        error.put("code", code.toLowerCase(java.util.Locale.ROOT));
        error.put("param", null);
        return error;
    }

    private static Map<String, Object> openAiError(HttpProblem problem, String code, String message) {
        return openAiError(problem.getStatusCode(), code, message);
    }

    private static String safeDetail(HttpProblem problem, ProblemContext context) {
        boolean written = context.cause instanceof WebApplicationException && problem.getStatusCode() < 500;
        boolean json = context.cause instanceof com.fasterxml.jackson.core.JsonProcessingException;
        if (json && context.cause instanceof com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException unknown) {
            return "unknown member: " + unknown.getPropertyName();
        }
        if (json && context.cause instanceof com.fasterxml.jackson.databind.JsonMappingException mapping) {
            return "wrong type or value at " + pointer(mapping);
        }
        if (json) {
            return "the body is not valid JSON";
        }
        return written && problem.getStatusCode() == 400 ? "the request could not be read" : null;
    }

    private static String pointer(com.fasterxml.jackson.databind.JsonMappingException mapping) {
        StringBuilder pointer = new StringBuilder();
        mapping.getPath().forEach(step -> pointer.append('/')
                .append(step.getFieldName() == null ? String.valueOf(step.getIndex()) : step.getFieldName()));
        return pointer.isEmpty() ? "/" : pointer.toString();
    }

    private static List<Map<String, String>> fieldErrors(List<?> violations) {
        return violations.stream()
                .map(violation -> fieldError((Violation) violation))
                .toList();
    }

    private static Map<String, String> fieldError(Violation violation) {
        return Map.of("pointer", "/" + snake(violation.field), "detail", violation.message);
    }

    private static String snake(String path) {
        return path.replaceAll("([a-z0-9])([A-Z])", "$1_$2").replace('.', '/').toLowerCase(java.util.Locale.ROOT);
    }

    /** Builds the {@code errors} member for a single field that failed a rule. */
    public static List<Map<String, String>> error(String pointer, String detail) {
        return List.of(Map.of("pointer", pointer, "detail", detail));
    }
}
