package dev.parley.platform.audit;

import dev.parley.platform.outbox.Outbox;
import java.time.Clock;

/** Makes the audit without a container. */
public final class AuditParts {
    private AuditParts() {}

    public static Audit audit(Outbox outbox) {
        return new Audit(outbox, Clock.systemUTC());
    }
}
