package dev.parley.billing.reconciliation;

import dev.parley.billing.checkout.Checkout;
import dev.parley.billing.checkout.CheckoutService;
import dev.parley.billing.lifecycle.ProviderStateFlow;
import dev.parley.billing.payment.CheckoutReference;
import dev.parley.billing.payment.PaymentProvider;
import dev.parley.billing.payment.PaymentProviders;
import dev.parley.billing.payment.ProviderCheckout;
import dev.parley.billing.payment.ProviderEvent.ObjectKind;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Finds what providers have and nobody told us of, by their lists; and fetches it when a person wants that. */
@ApplicationScoped
class UnheardFlow {
    private static final Logger LOG = Logger.getLogger(UnheardFlow.class);
    private static final int AT_A_TIME = 200;

    private final PaymentProviders providers;
    private final ProviderStateFlow states;
    private final CheckoutService checkouts;
    private final ReconciliationService reconciliations;
    private final ReconciliationConfig config;
    private final Clock clock;

    UnheardFlow(
            PaymentProviders providers,
            ProviderStateFlow states,
            CheckoutService checkouts,
            ReconciliationService reconciliations,
            ReconciliationConfig config,
            Clock clock) {
        this.providers = providers;
        this.states = states;
        this.checkouts = checkouts;
        this.reconciliations = reconciliations;
        this.config = config;
        this.clock = clock;
    }

    /**
     * What all providers list and we do not know.
     *
     * @param byTenant whose it is
     * @param notListed the providers that did not answer
     */
    record Found(Map<TenantId, List<Listed>> byTenant, Set<String> notListed) {
        List<Listed> of(TenantId tenant) {
            return byTenant.getOrDefault(tenant, List.of());
        }
    }

    /** Goes through every provider's lists of the last weeks, and keeps of one tenant, or of all, what we do not know. */
    Found find(@Nullable TenantId only) {
        Instant since = clock.instant().minus(config.reach());
        Map<TenantId, List<Listed>> byTenant = new HashMap<>();
        Set<String> notListed = new HashSet<>();
        for (PaymentProvider provider : providers.all()) {
            String name = provider.name();
            try {
                keep(only, provider.listSubscriptions(since).map(Listed::of), byTenant);
                keep(only, provider.listInvoices(since).map(invoice -> Listed.of(name, invoice)), byTenant);
                keep(only, provider.listPayments(since).map(payment -> Listed.of(name, payment)), byTenant);
            } catch (RuntimeException failure) {
                LOG.warnf(failure, "%s did not list what it has", name);
                notListed.add(name);
            }
        }
        return new Found(byTenant, notListed);
    }

    /** A page at a time: a provider lists more than there is room for. */
    private void keep(@Nullable TenantId only, Stream<Optional<Listed>> listed, Map<TenantId, List<Listed>> byTenant) {
        Iterator<Optional<Listed>> each = listed.iterator();
        List<Listed> page = new ArrayList<>();
        while (each.hasNext()) {
            each.next().ifPresent(page::add);
            if (page.size() == AT_A_TIME || !each.hasNext()) {
                keep(only, page, byTenant);
                page = new ArrayList<>();
            }
        }
    }

    private void keep(@Nullable TenantId only, List<Listed> listed, Map<TenantId, List<Listed>> byTenant) {
        for (Unheard unheard : reconciliations.unheard(listed)) {
            if (only == null || only.equals(unheard.tenant())) {
                byTenant.computeIfAbsent(unheard.tenant(), tenant -> new ArrayList<>())
                        .add(unheard.listed());
            }
        }
    }

    /** Whether a drift that a list told of is there still; the provider is asked for it alone. */
    boolean isStillThere(Drift drift) {
        return reconciliations.unheard(drift.tenantId(), again(drift)).stream()
                .anyMatch(
                        now -> now.kind().equals(drift.kind()) && now.subject().equals(drift.subject()));
    }

    private List<Listed> again(Drift drift) {
        TenantId tenant = drift.tenantId();
        return switch (drift.kind()) {
            case "SUBSCRIPTION_UNHEARD", "SUBSCRIPTION_STILL_CHARGED" ->
                provider(drift.subject())
                        .fetchSubscription(id(drift.subject()))
                        .flatMap(Listed::of)
                        .map(List::of)
                        .orElse(List.of());
            case "INVOICE_UNHEARD" -> {
                PaymentProvider provider = provider(drift.subject());
                yield provider.fetchInvoice(id(drift.subject()))
                        .flatMap(invoice -> Listed.of(provider.name(), invoice))
                        .map(List::of)
                        .orElse(List.of());
            }
            case "PAYMENT_UNHEARD" -> {
                Checkout checkout =
                        checkouts.find(tenant, UUID.fromString(drift.subject())).orElseThrow();
                CheckoutReference reference = new CheckoutReference(tenant, checkout.id());
                yield fetched(checkout)
                        .map(ProviderCheckout::paymentId)
                        .map(payment -> payment(Listed.Kind.PAYMENT, checkout.provider(), payment, reference))
                        .map(List::of)
                        .orElse(List.of());
            }
            // Money that was given back is not taken again.
            case "PAYMENT_GIVEN_BACK" -> {
                String name = drift.found().split(" ", 2)[0];
                yield List.of(payment(Listed.Kind.REFUND, provider(name).name(), id(name), null));
            }
            default -> throw new IllegalStateException("no list tells of " + drift.kind());
        };
    }

    private Optional<ProviderCheckout> fetched(Checkout checkout) {
        return checkout.providerSessionId() == null
                ? Optional.empty()
                : providers.named(checkout.provider()).fetchCheckout(checkout.providerSessionId());
    }

    private static Listed payment(Listed.Kind kind, String provider, String id, @Nullable CheckoutReference reference) {
        return new Listed(kind, provider, id, reference, null, false, false, "");
    }

    /** Fetches what a drift is about and applies it, or cancels it where it runs on by mistake. */
    void repair(Drift drift) {
        switch (drift.kind()) {
            case "SUBSCRIPTION_UNHEARD" ->
                states.follow(provider(drift.subject()), ObjectKind.SUBSCRIPTION, id(drift.subject()));
            case "SUBSCRIPTION_STILL_CHARGED" -> provider(drift.subject()).cancelNow(id(drift.subject()), drift.id());
            case "INVOICE_UNHEARD" -> states.follow(provider(drift.subject()), ObjectKind.INVOICE, id(drift.subject()));
            case "PAYMENT_UNHEARD" ->
                checkouts
                        .find(drift.tenantId(), UUID.fromString(drift.subject()))
                        .ifPresent(checkout -> states.follow(
                                providers.named(checkout.provider()),
                                ObjectKind.CHECKOUT,
                                checkout.providerSessionId()));
            default -> {
                // The lot is closed in the transaction that notes the repair.
            }
        }
    }

    private PaymentProvider provider(String name) {
        return providers.named(name.substring(0, name.indexOf(':')));
    }

    private static String id(String name) {
        return name.substring(name.indexOf(':') + 1);
    }
}
