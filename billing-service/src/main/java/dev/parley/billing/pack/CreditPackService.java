package dev.parley.billing.pack;

import dev.parley.billing.money.Money;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Publishes credit packs as versions that never change, and finds them. */
@ApplicationScoped
public class CreditPackService {
    private final Database database;
    private final CreditPackRepository packs;
    private final Audit audit;

    CreditPackService(Database database, CreditPackRepository packs, Audit audit) {
        this.database = database;
        this.packs = packs;
        this.audit = audit;
    }

    /** The newest version of every pack, cheapest first. */
    public List<CreditPack> list() {
        return database.global(packs::newestOfEach);
    }

    /** The newest version of a pack, read in the caller's transaction. */
    public Optional<CreditPack> newest(Handle handle, String code) {
        return packs.newest(handle, code);
    }

    /** One version of a pack, read in the caller's transaction; versions are never deleted. */
    public CreditPack version(Handle handle, String code, int version) {
        return packs.find(handle, code, version)
                .orElseThrow(() -> new IllegalStateException("no version " + version + " of pack " + code));
    }

    /** Makes the next version of a pack; 409 when another one than the next is asked for. */
    CreditPack publish(CreditPackRequest request, Caller admin) {
        requireCurrency(request.price().currency());
        return database.inTenant(TenantId.PLATFORM, handle -> {
            packs.lock(handle, request.code(), admin.actor());
            Optional<CreditPack> before = packs.newest(handle, request.code());
            int next = before.map(CreditPack::version).orElse(0) + 1;
            if (request.version() != null && request.version() != next) {
                throw new Problem(CreditPackProblem.CREDIT_PACK_VERSION_CONFLICT)
                        .detail("The next one is " + next + ".");
            }
            CreditPack pack = new CreditPack(
                    request.code(),
                    next,
                    request.name(),
                    new Money(request.price().amount(), request.price().currency()),
                    request.credits(),
                    request.validDays());
            packs.insert(handle, pack, admin.actor());
            audit.record(
                    handle,
                    admin,
                    TenantId.PLATFORM,
                    new AuditEntry("credit-pack.publish", "credit-pack", pack.code(), before.orElse(null), pack, null));
            return pack;
        });
    }

    private static void requireCurrency(String code) {
        boolean known = Currency.getAvailableCurrencies().stream()
                .anyMatch(currency ->
                        currency.getCurrencyCode().equals(code) && currency.getDefaultFractionDigits() >= 0);
        if (!known) {
            throw new Problem(CommonProblem.VALIDATION_FAILED)
                    .with("errors", ProblemCompletion.error("/price/currency", "must be an ISO 4217 currency code"));
        }
    }
}
