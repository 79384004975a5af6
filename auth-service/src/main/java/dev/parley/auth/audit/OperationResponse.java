package dev.parley.auth.audit;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What the audit trail knows of an operation, oldest first. */
public record OperationResponse(List<Step> steps) {
    /** One entry of the trail. */
    public record Step(Instant at, String service, String step, Map<String, String> detail) {
        static Step from(AuditLogEntry entry) {
            AuditFact fact = entry.fact();
            return new Step(
                    fact.at(),
                    "auth-service",
                    "audit " + fact.action(),
                    Map.of(
                            "actor", fact.actor(),
                            "resource_type", fact.resourceType(),
                            "resource_id", String.valueOf(fact.resourceId())));
        }
    }
}
