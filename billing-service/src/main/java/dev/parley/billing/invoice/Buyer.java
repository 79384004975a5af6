package dev.parley.billing.invoice;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.billing.contact.BillingContact;
import dev.parley.billing.profile.BillingProfile;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who buys, as it stands on an invoice; of a tenant without a billing profile only what we know of its owner. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
record Buyer(
        String name,
        List<String> address,
        @Nullable String country,
        @Nullable String gstin,
        @Nullable String vatId,
        @Nullable String email) {

    static Buyer of(BillingProfile profile) {
        return new Buyer(
                profile.name(),
                profile.address().lines(),
                profile.country(),
                profile.gstin(),
                profile.vatId(),
                profile.email());
    }

    static Buyer of(@Nullable BillingContact owner) {
        return owner == null
                ? new Buyer("", List.of(), null, null, null, null)
                : new Buyer(owner.name(), List.of(), null, null, null, owner.email());
    }
}
