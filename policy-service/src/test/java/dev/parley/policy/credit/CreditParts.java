package dev.parley.policy.credit;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.data.Database;
import dev.parley.platform.outbox.Outbox;
import dev.parley.policy.bulletin.Bulletin;

/** Makes the feature without a container, and opens it for tests of other packages. */
public final class CreditParts {
    private CreditParts() {}

    public static CreditService service(Database database, ObjectMapper mapper, Outbox outbox, Bulletin bulletin) {
        return new CreditService(database, new CreditRepository(mapper), outbox, bulletin);
    }

    public static long drifting(CreditService credits) {
        return credits.drifting();
    }
}
