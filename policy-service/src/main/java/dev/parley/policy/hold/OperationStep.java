package dev.parley.policy.hold;

import java.time.Instant;
import java.util.Map;

/** Something that happened to an operation in this service. */
public record OperationStep(Instant at, String service, String step, Map<String, Object> detail) {
    /** A step of policy-service. */
    public static OperationStep of(Instant at, String step, Map<String, Object> detail) {
        return new OperationStep(at, "policy-service", step, detail);
    }
}
