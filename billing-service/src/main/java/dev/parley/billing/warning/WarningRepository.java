package dev.parley.billing.warning;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

@ApplicationScoped
class WarningRepository {

    /** Returns false when that was said in this period already. */
    boolean insert(Handle handle, TenantId tenant, Instant periodStart, int percent) {
        return handle.createUpdate("""
                        insert into app.credit_warning (tenant_id, period_start, percent)
                        values (:tenant, :start, :percent) on conflict do nothing
                        """)
                        .bind("tenant", tenant.value())
                        .bind("start", periodStart)
                        .bind("percent", percent)
                        .execute()
                == 1;
    }
}
