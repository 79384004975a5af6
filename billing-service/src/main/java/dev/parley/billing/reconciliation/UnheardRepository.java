package dev.parley.billing.reconciliation;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Holds what a provider lists against our books. */
@ApplicationScoped
class UnheardRepository {

    /**
     * What our books do not tell of. What carries no name of ours is nobody's here, and so is what names a checkout that
     * we do not have: an erased tenant's, or another installation's.
     *
     * @param handle of the relay role for all tenants, or of one tenant
     */
    List<Unheard> unheard(Handle handle, List<Listed> listed) {
        if (listed.isEmpty()) {
            return List.of();
        }
        return handle.createQuery("""
                        with listed as (
                            select * from unnest(cast(:kinds as text[]), cast(:providers as text[]), cast(:ids as text[]),
                                cast(:tenants as uuid[]), cast(:checkouts as uuid[]), cast(:subscriptions as text[]),
                                cast(:live as boolean[]), cast(:ending as boolean[]))
                            with ordinality as l (kind, provider, id, tenant, checkout, subscription, live, ending, place)
                        )
                        select l.place, c.tenant_id, 'SUBSCRIPTION_UNHEARD' as drift, l.provider || ':' || l.id as subject,
                            'none' as expected, 'FETCH_AND_APPLY' as repair
                        from listed l join app.checkout c on c.tenant_id = l.tenant and c.id = l.checkout
                        where l.kind = 'subscription'
                          and not exists (select from app.subscription s where s.tenant_id = c.tenant_id
                              and s.provider = l.provider and s.provider_subscription_id = l.id)
                          and not exists (select from app.provider_subscription p where p.tenant_id = c.tenant_id
                              and p.provider = l.provider and p.provider_subscription_id = l.id
                              and (p.superseded_at is not null or not l.live))
                        union all
                        select l.place, p.tenant_id, 'SUBSCRIPTION_STILL_CHARGED', l.provider || ':' || l.id,
                            'cancelled', 'CANCEL'
                        from listed l join app.provider_subscription p
                            on p.provider = l.provider and p.provider_subscription_id = l.id
                        where l.kind = 'subscription' and l.live and not l.ending and p.cancelled_at is not null
                        union all
                        select l.place, p.tenant_id, 'INVOICE_UNHEARD', l.provider || ':' || l.id,
                            'none', 'FETCH_AND_APPLY'
                        from listed l join app.provider_subscription p
                            on p.provider = l.provider and p.provider_subscription_id = l.subscription
                        where l.kind = 'invoice'
                          and not exists (select from app.invoice i where i.tenant_id = p.tenant_id
                              and i.provider = l.provider and i.provider_invoice_id = l.id)
                        union all
                        select l.place, c.tenant_id, 'PAYMENT_UNHEARD', cast(c.id as text),
                            'no lot', case when c.provider_session_id is null then 'NONE' else 'FETCH_AND_APPLY' end
                        from listed l join app.checkout c on c.tenant_id = l.tenant and c.id = l.checkout
                        where l.kind = 'payment' and c.pack_code is not null
                          and not exists (select from app.credit_lot g where g.tenant_id = c.tenant_id
                              and g.grant_key = 'pack:' || c.id)
                        union all
                        select l.place, g.tenant_id, 'PAYMENT_GIVEN_BACK', cast(g.id as text), 'open', 'CLOSE_LOT'
                        from listed l join app.credit_lot g on g.paid_provider = l.provider and g.paid_payment = l.id
                        where l.kind = 'refund' and g.close_requested_at is null and g.closed_at is null
                        order by 1
                        """)
                .bindArray("kinds", String.class, of(listed, one -> one.kind().wire()))
                .bindArray("providers", String.class, of(listed, Listed::provider))
                .bindArray("ids", String.class, of(listed, Listed::id))
                .bindArray(
                        "tenants",
                        UUID.class,
                        of(
                                listed,
                                one -> one.reference() == null
                                        ? null
                                        : one.reference().tenant().value()))
                .bindArray(
                        "checkouts",
                        UUID.class,
                        of(
                                listed,
                                one -> one.reference() == null
                                        ? null
                                        : one.reference().checkoutId()))
                .bindArray("subscriptions", String.class, of(listed, Listed::subscription))
                .bindArray("live", Boolean.class, of(listed, Listed::live))
                .bindArray("ending", Boolean.class, of(listed, Listed::ending))
                .map((row, context) -> {
                    Listed one = listed.get(row.getInt("place") - 1);
                    String kind = row.getString("drift");
                    boolean payment = kind.startsWith("PAYMENT_");
                    return new Unheard(
                            new TenantId(row.getObject("tenant_id", UUID.class)),
                            one,
                            new Finding(
                                    kind,
                                    row.getString("subject"),
                                    row.getString("expected"),
                                    payment ? one.name() + " " + one.said() : one.said(),
                                    Repair.valueOf(row.getString("repair"))));
                })
                .list();
    }

    private static List<@Nullable Object> of(List<Listed> listed, Function<Listed, @Nullable Object> member) {
        return Arrays.asList(listed.stream().map(member).toArray());
    }
}
