package dev.parley.billing.contact;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Knows whom each tenant's mails about money go to: whom its billing profile names, else the owner, as auth told of the
 * new tenant.
 */
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
        return handle.createQuery("""
                        select coalesce(p.email, c.email) as email, coalesce(p.name, c.name) as name
                        from (select app.tenant() as tenant_id) t
                        left join app.billing_profile p using (tenant_id)
                        left join app.billing_contact c using (tenant_id)
                        where coalesce(p.email, c.email) is not null
                        """)
                .map((row, context) -> new BillingContact(row.getString("email"), row.getString("name")))
                .findOne();
    }
}
