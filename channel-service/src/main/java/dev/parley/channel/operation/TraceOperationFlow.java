package dev.parley.channel.operation;

import dev.parley.channel.outbound.OperationClient;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/** Joins what all services did for an operation. */
@ApplicationScoped
class TraceOperationFlow {
    private final OperationService operations;
    private final OperationClient others;

    TraceOperationFlow(OperationService operations, OperationClient others) {
        this.operations = operations;
        this.others = others;
    }

    /** The trace; 404 when no service knows the operation for this tenant. */
    OperationTrace trace(TenantId tenant, UUID operation) {
        List<OperationStep> steps = new ArrayList<>(operations.steps(tenant, operation));
        List<String> unanswered = new ArrayList<>();
        others.steps(tenant, operation).forEach((service, theirs) -> {
            if (theirs == null) {
                unanswered.add(service);
            } else {
                theirs.forEach(
                        step -> steps.add(new OperationStep(step.at(), step.service(), step.step(), step.detail())));
            }
        });
        if (steps.isEmpty() && unanswered.isEmpty()) {
            throw new Problem(CommonProblem.NOT_FOUND);
        }
        if (steps.isEmpty()) {
            throw CommonProblem.unavailable(String.join(", ", unanswered), null);
        }
        steps.sort(Comparator.comparing(OperationStep::at));
        return new OperationTrace(operation, steps, unanswered);
    }
}
