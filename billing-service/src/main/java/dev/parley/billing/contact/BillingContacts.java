package dev.parley.billing.contact;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Knows whom each tenant's mails about money go to: the owner, as auth told of the new tenant. */
@ApplicationScoped
public class BillingContacts {

    /** Notes the owner of a new tenant. */
    public void learn(Handle handle, TenantId tenant, BillingContact owner) {
        handle.createUpdate("""
                        insert into app.billing_contact (tenant_id, email, name) values (:tenant, :email, :name)
                        on conflict (tenant_id) do nothing
                        """)
                .bind("tenant", tenant.value())
                .bind("email", owner.email())
                .bind("name", owner.name())
                .execute();
    }

    /** Whom the handle's tenant wants mails to go to; empty for a tenant from before billing knew owners. */
    public Optional<BillingContact> find(Handle handle) {
        return handle.createQuery("select email, name from app.billing_contact where tenant_id = (select app.tenant())")
                .map((row, context) -> new BillingContact(row.getString("email"), row.getString("name")))
                .findOne();
    }
}
