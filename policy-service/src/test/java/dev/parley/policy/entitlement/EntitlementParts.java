package dev.parley.policy.entitlement;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.data.Database;
import dev.parley.policy.bulletin.Bulletin;
import dev.parley.policy.credit.CreditService;

/** Makes the feature without a container. */
public final class EntitlementParts {
    private EntitlementParts() {}

    public static EntitlementService service(
            Database database, ObjectMapper mapper, CreditService credits, Bulletin bulletin) {
        return new EntitlementService(database, new EntitlementRepository(mapper), credits, bulletin, () -> 1000);
    }
}
