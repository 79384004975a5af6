package dev.parley.billing.profile;

import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Keeps whom a tenant's invoices are made out to. What was issued before a change stays as it was. */
@ApplicationScoped
public class ProfileService {
    private final Database database;
    private final ProfileRepository profiles;
    private final Audit audit;

    ProfileService(Database database, ProfileRepository profiles, Audit audit) {
        this.database = database;
        this.profiles = profiles;
        this.audit = audit;
    }

    /** The handle's tenant's profile, if one was given. */
    public Optional<BillingProfile> find(Handle handle) {
        return profiles.find(handle);
    }

    BillingProfile get(TenantId tenant) {
        return database.inTenant(tenant, profiles::find)
                .orElseThrow(() -> new Problem(ProfileProblem.BILLING_PROFILE_NOT_FOUND));
    }

    /** Replaces the profile; a 422 problem when a tax number is not one of that country. */
    BillingProfile put(Caller caller, BillingProfile given) {
        BillingProfile profile = given.tidied();
        check(profile);
        TenantId tenant = caller.tenant();
        return database.inTenant(tenant, handle -> {
            BillingProfile before = profiles.find(handle).orElse(null);
            if (profile.equals(before)) {
                return profile;
            }
            profiles.save(handle, tenant, profile, caller.actor());
            audit.record(
                    handle,
                    caller,
                    tenant,
                    new AuditEntry(
                            "billing-profile.change", "billing-profile", tenant.toString(), before, profile, null));
            return profile;
        });
    }

    private static void check(BillingProfile profile) {
        boolean india = profile.country().equals("IN");
        if (profile.gstin() != null && (!india || !Gstin.isValid(profile.gstin()))) {
            throw invalid("/gstin", "is not a GST number of a business in India");
        }
        if (profile.vatId() != null && !VatId.isValid(profile.country(), profile.vatId())) {
            throw invalid("/vat_id", "is not a VAT id of that country in the European Union");
        }
        String state = profile.address().state();
        if (india && state != null && IndianStates.code(state).isEmpty()) {
            throw invalid("/address/state", "must be a state of India, for example KA");
        }
    }

    private static Problem invalid(String pointer, String detail) {
        return new Problem(CommonProblem.VALIDATION_FAILED).with("errors", ProblemCompletion.error(pointer, detail));
    }
}
