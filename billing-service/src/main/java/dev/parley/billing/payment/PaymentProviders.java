package dev.parley.billing.payment;

import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** Finds the payment providers that are installed. */
@ApplicationScoped
public class PaymentProviders {
    private final Map<String, PaymentProvider> byName = new TreeMap<>();

    PaymentProviders(Instance<PaymentProvider> installed) {
        installed.forEach(provider -> byName.put(provider.name(), provider));
    }

    /** Every provider that is installed. */
    public Collection<PaymentProvider> all() {
        return byName.values();
    }

    /** The provider of that name; a 422 problem that names those which exist. */
    public PaymentProvider named(String name) {
        PaymentProvider provider = byName.get(name);
        if (provider == null) {
            throw new Problem(PaymentProblem.PAYMENT_PROVIDER_UNKNOWN)
                    .detail("Available: " + String.join(", ", byName.keySet()));
        }
        return provider;
    }

    /** The provider of that name; a 404 problem when it is not installed. */
    public PaymentProvider installed(String name) {
        PaymentProvider provider = byName.get(name);
        if (provider == null) {
            throw new Problem(CommonProblem.NOT_FOUND);
        }
        return provider;
    }
}
