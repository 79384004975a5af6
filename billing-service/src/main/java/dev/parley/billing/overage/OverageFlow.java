package dev.parley.billing.overage;

import dev.parley.billing.payment.PaymentProvider;
import dev.parley.billing.payment.PaymentProviders;
import dev.parley.billing.payment.PaymentRefused;
import dev.parley.billing.payment.ProviderInvoice;
import dev.parley.billing.payment.ProviderOverage;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Orders overage at providers until they answer, and asks them what became of it when no webhook told. */
@ApplicationScoped
public class OverageFlow {
    private static final Logger LOG = Logger.getLogger(OverageFlow.class);

    private final OverageService overages;
    private final PaymentProviders providers;

    OverageFlow(OverageService overages, PaymentProviders providers) {
        this.overages = overages;
        this.providers = providers;
    }

    /** Asks providers about charges that have no final answer. */
    public void sweep() {
        for (PendingOverage pending : overages.claim()) {
            try {
                look(pending.tenant(), pending.id());
            } catch (RuntimeException failure) {
                LOG.warnf(failure, "overage %s is asked about again later", pending.id());
            }
        }
    }

    /** Orders what is frozen of one tenant, now: its clock is about to move. */
    public void order(TenantId tenant) {
        overages.unknown(tenant).forEach(id -> look(tenant, id));
    }

    /** Orders a charge, or asks what became of it. */
    public void look(TenantId tenant, UUID id) {
        OverageCharge charge = overages.find(tenant, id).orElseThrow();
        switch (charge.status()) {
            case UNKNOWN -> order(tenant, charge);
            case ORDERED -> ask(charge);
            case WAITING, PAID, REFUSED, VOID -> {}
        }
    }

    /** Only an order can be refused: a look that is refused says nothing about what was ordered. */
    private void order(TenantId tenant, OverageCharge charge) {
        PaymentProvider provider = provider(charge);
        ProviderOverage answer;
        try {
            answer = provider.chargeOverage(overages.order(charge));
        } catch (PaymentRefused refused) {
            LOG.errorf("overage %s was refused, and stays a debt: %s", charge.id(), refused.getMessage());
            overages.refused(tenant, charge);
            return;
        }
        overages.answered(tenant, charge, answer);
        if (answer.invoiceId() != null) {
            follow(provider, answer.invoiceId());
        }
    }

    private void ask(OverageCharge charge) {
        PaymentProvider provider = provider(charge);
        provider.fetchOverage(Objects.requireNonNull(charge.itemId()))
                .map(ProviderOverage::invoiceId)
                .ifPresent(invoice -> follow(provider, invoice));
    }

    private PaymentProvider provider(OverageCharge charge) {
        return providers.named(Objects.requireNonNull(charge.payer()).provider());
    }

    private boolean follow(PaymentProvider provider, String invoiceId) {
        long ticket = overages.fetchTicket();
        return provider.fetchInvoice(invoiceId)
                .map(invoice -> overages.followInvoice(provider.name(), invoice, ticket))
                .orElse(false);
    }

    /** Follows an invoice of which a webhook told and that belongs to no subscription; false when it is none of ours. */
    public boolean follow(PaymentProvider provider, ProviderInvoice told) {
        return !told.overages().isEmpty() && follow(provider, told.id());
    }
}
