package dev.parley.billing.tenantdata;

import dev.parley.billing.payment.PaymentProviders;
import dev.parley.billing.payment.PaymentRefused;
import dev.parley.billing.payment.PaymentUncertain;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jboss.logging.Logger;

/** Ends an erased tenant's subscriptions at payment providers, then deletes the notices that they sent about it. */
@ApplicationScoped
class PaymentFarewellFlow {
    private static final Logger LOG = Logger.getLogger(PaymentFarewellFlow.class);

    private final Database database;
    private final PaymentFarewellRepository repository;
    private final PaymentProviders providers;

    PaymentFarewellFlow(Database database, PaymentFarewellRepository repository, PaymentProviders providers) {
        this.database = database;
        this.repository = repository;
        this.providers = providers;
    }

    /** Does both; a 503 problem when a provider cannot be reached, so that the erasure waits for it. */
    void end(TenantId tenant) {
        List<PaymentFarewellRepository.Paid> paid = database.inTenant(tenant, repository::subscriptions);
        paid.forEach(this::cancel);
        database.asEraser(tenant, handle -> repository.deleteNotices(handle, tenant));
    }

    private void cancel(PaymentFarewellRepository.Paid paid) {
        try {
            providers.named(paid.provider()).cancelNow(paid.subscriptionId(), Ids.next());
        } catch (PaymentUncertain uncertain) {
            throw CommonProblem.unavailable("the payment provider", uncertain);
        } catch (PaymentRefused refused) {
            LOG.warnf("%s refuses to end a subscription of an erased tenant: end it by hand", paid.provider());
        }
    }
}
