package dev.parley.platform.problem;

import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.quarkiverse.resteasy.problem.ExceptionMapperBase;
import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.ext.Provider;

/** A body whose JSON has another shape than asked for is a 400 problem; {@link ProblemCompletion} says where. */
@Provider
@Priority(Priorities.USER - 100)
public final class MismatchedBodyMapper extends ExceptionMapperBase<MismatchedInputException> {
    @Override
    protected HttpProblem toProblem(MismatchedInputException mismatch) {
        return HttpProblem.builder()
                .withStatus(CommonProblem.BAD_REQUEST.status())
                .build();
    }
}
