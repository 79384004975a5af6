package dev.parley.platform.problem;

import io.quarkiverse.resteasy.problem.ExceptionMapperBase;
import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.ext.Provider;

/** Turns a {@link Problem} into its answer. */
@Provider
@Priority(Priorities.USER)
public final class ProblemMapper extends ExceptionMapperBase<Problem> {
    @Override
    protected HttpProblem toProblem(Problem problem) {
        HttpProblem.Builder builder = HttpProblem.builder()
                .withType(problem.type().type())
                .withTitle(problem.type().title())
                .withStatus(problem.type().status());
        if (problem.detail() != null) {
            builder.withDetail(problem.detail());
        }
        builder.with("code", problem.type().name());
        problem.members().forEach(builder::with);
        problem.headers().forEach(builder::withHeader);
        return builder.build();
    }
}
