package dev.parley.billing.refund;

import dev.parley.billing.approval.Outcome;
import dev.parley.billing.credit.LotPayment;
import dev.parley.billing.outbound.AdministrativeDecision;
import dev.parley.billing.outbound.PolicyClient;
import dev.parley.billing.payment.PaymentProblem;
import dev.parley.billing.payment.PaymentProvider;
import dev.parley.billing.payment.PaymentProviders;
import dev.parley.billing.payment.PaymentRefused;
import dev.parley.billing.payment.PaymentUncertain;
import dev.parley.billing.payment.ProviderInvoice;
import dev.parley.billing.payment.ProviderRefund;
import dev.parley.billing.payment.RefundOrder;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Gives money back: asks policy whether it may, closes the lot, waits for policy's word, asks the provider until it answers. */
@ApplicationScoped
public class RefundFlow {
    private static final Logger LOG = Logger.getLogger(RefundFlow.class);

    private final RefundService refunds;
    private final PaymentProviders providers;
    private final PolicyClient policy;

    RefundFlow(RefundService refunds, PaymentProviders providers, PolicyClient policy) {
        this.refunds = refunds;
        this.providers = providers;
        this.policy = policy;
    }

    /** Begins what policy allows, or keeps it for a second admin; asked again, it answers what became of the first time. */
    Outcome<PaymentRefund> begin(TenantId tenant, RefundRequest request, Caller admin) {
        Refundable paid = refunds.refundable(tenant, request);
        Optional<Outcome<PaymentRefund>> known = refunds.known(tenant, paid);
        if (known.isPresent()) {
            return known.get();
        }
        if (!paid.open()) {
            throw new Problem(RefundProblem.REFUND_LOT_ENDED);
        }
        String payment = payment(paid.paid());
        AdministrativeDecision decision =
                policy.administrative(tenant, WantedRefund.ACTION, paid.credits(), admin.actor());
        decision.requireAllowed();
        return refunds.begin(tenant, WantedRefund.of(paid, payment, request.reason()), decision, admin);
    }

    /** What was paid by an invoice whose payment was not told with it: the invoice is asked for again. */
    private String payment(LotPayment paid) {
        if (paid.paymentId() != null) {
            return paid.paymentId();
        }
        try {
            return providers
                    .named(paid.provider())
                    .fetchInvoice(Objects.requireNonNull(paid.invoiceId()))
                    .map(ProviderInvoice::paymentId)
                    .orElseThrow(() -> new Problem(PaymentProblem.PAYMENT_PROVIDER_REFUSED)
                            .detail("The provider knows of no payment for the invoice."));
        } catch (PaymentUncertain uncertain) {
            throw new Problem(PaymentProblem.PAYMENT_PROVIDER_UNREACHABLE, uncertain).header("Retry-After", "5");
        }
    }

    /** Asks providers about refunds that have no final answer. */
    public void sweep() {
        for (PendingRefund pending : refunds.claim()) {
            try {
                ask(
                        pending.tenant(),
                        refunds.find(pending.tenant(), pending.id()).orElseThrow());
            } catch (RuntimeException failure) {
                LOG.warnf(failure, "refund %s is asked about again later", pending.id());
            }
        }
    }

    /**
     * The same order with the same idempotency key while nobody has answered; then how it goes on. Only an order can be
     * refused: a look that is refused says nothing about what was ordered.
     */
    private void ask(TenantId tenant, PaymentRefund refund) {
        PaymentProvider provider = providers.named(refund.provider());
        if (refund.providerRefundId() != null) {
            provider.fetchRefund(refund.providerRefundId()).ifPresent(now -> note(tenant, refund, now));
        } else if (refunds.isTooOldToOrder(tenant, refund.id())) {
            LOG.errorf("refund %s was never answered and is not ordered again: a person must look at it", refund.id());
        } else {
            order(tenant, provider, refund);
        }
    }

    private void order(TenantId tenant, PaymentProvider provider, PaymentRefund refund) {
        try {
            note(
                    tenant,
                    refund,
                    provider.refund(new RefundOrder(
                            refund.id(), refund.providerPayment(), Objects.requireNonNull(refund.amount()))));
        } catch (PaymentRefused refused) {
            LOG.errorf("refund %s was refused: %s", refund.id(), refused.getMessage());
            refunds.refused(tenant, refund.id());
        }
    }

    private void note(TenantId tenant, PaymentRefund refund, ProviderRefund answer) {
        switch (answer.state()) {
            case PENDING -> refunds.answered(tenant, refund.id(), RefundStatus.PENDING, answer.id());
            case SUCCEEDED -> refunds.answered(tenant, refund.id(), RefundStatus.DONE, answer.id());
            case FAILED -> {
                LOG.errorf("refund %s failed at %s: the money is still there", refund.id(), refund.provider());
                refunds.refused(tenant, refund.id());
            }
        }
    }

    /** Follows a webhook about a refund: the next sweep asks about it; false when we ordered none of that name. */
    public boolean follow(PaymentProvider provider, String refundId) {
        return refunds.hurry(provider.name(), refundId);
    }
}
