package dev.parley.billing.checkout;

import dev.parley.billing.clock.TenantClock;
import dev.parley.billing.payment.PaymentProblem;
import dev.parley.billing.payment.PaymentProvider;
import dev.parley.billing.payment.PaymentProviders;
import dev.parley.billing.payment.PaymentRefused;
import dev.parley.billing.payment.PaymentUncertain;
import dev.parley.billing.payment.ProviderClocks;
import dev.parley.platform.data.Database;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Keeps the clocks that providers have for a tenant in line with the tenant's own. */
@ApplicationScoped
public class ProviderClockFlow {
    private final Database database;
    private final TenantClock clock;
    private final PaymentProviders providers;

    ProviderClockFlow(Database database, TenantClock clock, PaymentProviders providers) {
        this.database = database;
        this.clock = clock;
        this.providers = providers;
    }

    /** Makes a clock at the provider for a tenant that has one of its own, before anything is bought there. */
    public void prepare(TenantId tenant, PaymentProvider provider) {
        Optional<ProviderClocks> clocks = clock.isMovable() ? provider.clocks() : Optional.empty();
        if (clocks.isEmpty()) {
            return;
        }
        Instant missing = database.inTenant(
                tenant,
                handle -> clock.isMoved(handle)
                                && clock.atProvider(handle, provider.name()).isEmpty()
                        ? clock.now(handle, tenant)
                        : Instant.MAX);
        if (missing.equals(Instant.MAX)) {
            return;
        }
        UUID request =
                UUID.nameUUIDFromBytes(("clock " + provider.name() + " " + tenant).getBytes(StandardCharsets.UTF_8));
        String id;
        try {
            id = clocks.get().create(missing, request);
        } catch (PaymentRefused refused) {
            throw new Problem(PaymentProblem.PAYMENT_PROVIDER_REFUSED, refused);
        } catch (PaymentUncertain uncertain) {
            throw new Problem(PaymentProblem.PAYMENT_PROVIDER_UNREACHABLE, uncertain).header("Retry-After", "5");
        }
        database.useTenant(tenant, handle -> clock.keepAtProvider(handle, tenant, provider.name(), id));
    }

    /** Moves the tenant's clocks at all providers, and returns once what falls due there has happened. */
    public void advance(TenantId tenant, Instant to) {
        for (PaymentProvider provider : providers.all()) {
            provider.clocks()
                    .ifPresent(clocks -> database.inTenant(tenant, handle -> clock.atProvider(handle, provider.name()))
                            .ifPresent(id -> clocks.advance(id, to)));
        }
    }
}
