package dev.parley.billing.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What this service did for one operation, in order of time. */
record OperationSteps(List<Step> steps) {
    record Step(Instant at, String service, String step, Map<String, Object> detail) {
        static Step of(Instant at, String step, Map<String, Object> detail) {
            return new Step(at, "billing-service", step, detail);
        }
    }
}
