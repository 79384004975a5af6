package dev.parley.billing.checkout;

import dev.parley.billing.pack.CreditPack;
import dev.parley.billing.payment.PlanReference;
import dev.parley.billing.payment.Purchase;
import dev.parley.billing.plan.Plan;
import dev.parley.platform.data.Columns;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class CheckoutRepository {

    /** Returns false when the request made a checkout before. */
    boolean insert(Handle handle, TenantId tenant, CheckoutIntent intent) {
        Plan plan = intent.purchase() instanceof Purchase.OfPlan(Plan bought) ? bought : null;
        CreditPack pack = intent.purchase() instanceof Purchase.OfPack(CreditPack bought) ? bought : null;
        return handle.createUpdate("""
                                insert into app.checkout (tenant_id, id, request_key, status, plan_code, plan_version,
                                    pack_code, pack_version, provider, amount, currency, success_url, cancel_url,
                                    customer_id, first_charge_at, clock_id, next_check_at, created_by)
                                values (:tenant, :id, :key, :status, :plan, :planVersion, :pack, :packVersion, :provider,
                                    :amount, :currency, :success, :cancel, :customer,
                                    cast(:firstCharge as timestamptz), :clock, now() + interval '1 minute', :by)
                                on conflict (tenant_id, request_key) do nothing
                                """)
                        .bind("tenant", tenant.value())
                        .bind("id", intent.id())
                        .bind("key", intent.requestKey())
                        .bind("status", intent.status().wire())
                        .bind("plan", plan == null ? null : plan.code())
                        .bind("planVersion", plan == null ? null : (Integer) plan.version())
                        .bind("pack", pack == null ? null : pack.code())
                        .bind("packVersion", pack == null ? null : (Integer) pack.version())
                        .bind("provider", intent.provider())
                        .bind("amount", intent.purchase().price().amount())
                        .bind("currency", intent.purchase().price().currency())
                        .bind("success", intent.successUrl())
                        .bind("cancel", intent.cancelUrl())
                        .bind("customer", intent.customerId())
                        .bind("firstCharge", intent.firstChargeAt())
                        .bind("clock", intent.clockId())
                        .bind("by", intent.createdBy())
                        .execute()
                == 1;
    }

    /** Lets an Idempotency-Key be used again a day later, or when its checkout came to nothing. */
    void forgetOldRequest(Handle handle, String requestKey) {
        handle.createUpdate("""
                        update app.checkout set request_key = null, updated_at = now()
                        where tenant_id = (select app.tenant()) and request_key = :key
                          and (created_at < now() - interval '24 hours' or status in ('refused', 'expired'))
                        """).bind("key", requestKey).execute();
    }

    Optional<Checkout> find(Handle handle, UUID id) {
        return handle.createQuery("select * from app.checkout where tenant_id = (select app.tenant()) and id = :id")
                .bind("id", id)
                .map(CheckoutRepository::checkout)
                .findOne();
    }

    Optional<Checkout> findByRequest(Handle handle, String requestKey) {
        return handle.createQuery(
                        "select * from app.checkout where tenant_id = (select app.tenant()) and request_key = :key")
                .bind("key", requestKey)
                .map(CheckoutRepository::checkout)
                .findOne();
    }

    /** Only a checkout that is not final changes. */
    void opened(Handle handle, UUID id, String sessionId, @Nullable String url) {
        handle.createUpdate("""
                        update app.checkout set status = 'open', provider_session_id = :session, url = :url,
                            attempts = 0, next_check_at = now() + interval '5 minutes', updated_at = now()
                        where tenant_id = (select app.tenant()) and id = :id and status = 'unknown'
                        """)
                .bind("id", id)
                .bind("session", sessionId)
                .bind("url", url)
                .execute();
    }

    void finished(Handle handle, UUID id, CheckoutStatus status, @Nullable String sessionId) {
        handle.createUpdate("""
                        update app.checkout set status = :status, next_check_at = null,
                            provider_session_id = coalesce(:session, provider_session_id), updated_at = now()
                        where tenant_id = (select app.tenant()) and id = :id and status in ('unknown', 'open')
                        """)
                .bind("id", id)
                .bind("status", status.wire())
                .bind("session", sessionId)
                .execute();
    }

    /** Claims checkouts to ask about: after 1, 5 and 30 minutes, 2 and 24 hours, then daily. */
    List<PendingCheckout> claimPending(Handle relay, int limit) {
        return relay.createQuery("""
                        update app.checkout set attempts = attempts + 1, next_check_at = now() + (array[
                            interval '5 minutes', interval '30 minutes', interval '2 hours', interval '24 hours'
                            ])[least(attempts + 1, 4)]
                        where (tenant_id, id) in (select tenant_id, id from app.checkout
                            where status in ('unknown', 'open') and next_check_at <= now()
                            order by next_check_at limit :limit for update skip locked)
                        returning tenant_id, id
                        """)
                .bind("limit", limit)
                .map((row, context) -> new PendingCheckout(
                        new TenantId(row.getObject("tenant_id", UUID.class)), row.getObject("id", UUID.class)))
                .list();
    }

    boolean isOlderThanADay(Handle handle, UUID id) {
        return handle.createQuery("""
                        select created_at < now() - interval '24 hours' from app.checkout
                        where tenant_id = (select app.tenant()) and id = :id
                        """).bind("id", id).mapTo(Boolean.class).one();
    }

    private static Checkout checkout(ResultSet row, StatementContext context) throws SQLException {
        return new Checkout(
                row.getObject("id", UUID.class),
                CheckoutStatus.ofWire(row.getString("status")),
                reference(row, "plan"),
                reference(row, "pack"),
                row.getString("provider"),
                row.getString("success_url"),
                row.getString("cancel_url"),
                row.getString("customer_id"),
                Columns.instant(row, "first_charge_at"),
                row.getString("clock_id"),
                row.getString("provider_session_id"),
                row.getString("url"));
    }

    private static @Nullable PlanReference reference(ResultSet row, String what) throws SQLException {
        String code = row.getString(what + "_code");
        return code == null ? null : new PlanReference(code, row.getInt(what + "_version"));
    }
}
