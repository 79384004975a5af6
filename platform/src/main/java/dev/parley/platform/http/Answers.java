package dev.parley.platform.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemType;
import dev.parley.platform.problem.ReceivedProblem;
import java.io.IOException;
import java.util.Set;

/** Reads what other services answer. */
final class Answers {
    private static final Set<String> STANDARD =
            Set.of("type", "title", "status", "detail", "instance", "code", "operation_id", "error");

    private Answers() {}

    /** The problem of an answer that is not a success, as the other service said it. */
    static Problem problem(ObjectMapper mapper, HttpCalls.Answer answer, String part) {
        if (answer.status() == 503 || answer.status() == 401) {
            return CommonProblem.unavailable(part, new IOException(part + " answered " + answer.status()));
        }
        try {
            JsonNode body = mapper.readTree(answer.body());
            if (body != null && body.hasNonNull("code")) {
                return received(mapper, answer, body);
            }
        } catch (IOException notJson) {
            return new Problem(CommonProblem.ofStatus(answer.status()), notJson);
        }
        return new Problem(
                CommonProblem.ofStatus(answer.status()), new IOException(part + " answered " + answer.status()));
    }

    private static Problem received(ObjectMapper mapper, HttpCalls.Answer answer, JsonNode body) throws IOException {
        String code = body.get("code").asText();
        Problem problem = new Problem(
                new ReceivedProblem(code, answer.status(), body.path("title").asText(code), ProblemType.uriOf(code)));
        if (body.hasNonNull("detail")) {
            problem.detail(body.get("detail").asText());
        }
        if (answer.retryAfter() != null) {
            problem.header("Retry-After", answer.retryAfter());
        }
        for (var member : body.properties()) {
            if (!STANDARD.contains(member.getKey())) {
                problem.with(member.getKey(), mapper.treeToValue(member.getValue(), Object.class));
            }
        }
        return problem;
    }
}
