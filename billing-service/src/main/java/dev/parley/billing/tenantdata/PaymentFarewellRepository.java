package dev.parley.billing.tenantdata;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jdbi.v3.core.Handle;

@ApplicationScoped
class PaymentFarewellRepository {
    /** A subscription at a payment provider. */
    record Paid(String provider, String subscriptionId) {}

    /** The tenant's subscriptions that may still be running at a provider. */
    List<Paid> subscriptions(Handle handle) {
        return handle.createQuery("""
                        select provider, provider_subscription_id from provider_subscription
                         where tenant_id = app.tenant() and cancelled_at is null
                        union
                        select provider, provider_subscription_id from subscription
                         where tenant_id = app.tenant() and provider_subscription_id is not null and status <> 'ended'
                        """)
                .map((row, context) -> new Paid(row.getString("provider"), row.getString("provider_subscription_id")))
                .list();
    }

    /** Deletes raw notices that name the tenant, or its customer or subscription at the provider. */
    int deleteNotices(Handle eraser, TenantId tenant) {
        return eraser.createUpdate("""
                        delete from provider_event e where exists (
                          select 1 from (
                            select cast(:tenant as text) as name
                            union select provider_customer_id from subscription where tenant_id = app.tenant()
                            union select provider_subscription_id from provider_subscription where tenant_id = app.tenant()
                            union select provider_session_id from checkout where tenant_id = app.tenant()
                          ) named where name is not null and position(convert_to(name, 'UTF8') in e.body) > 0)
                        """).bind("tenant", tenant.toString()).execute();
    }
}
