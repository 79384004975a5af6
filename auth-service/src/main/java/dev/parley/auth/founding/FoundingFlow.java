package dev.parley.auth.founding;

import dev.parley.auth.identity.UserAccount;
import dev.parley.auth.identity.VerifiedEmailFlow;
import dev.parley.auth.tenant.CreateTenantRequest;
import dev.parley.auth.tenant.TenantResponse;
import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;

/** Lets people whose e-mail address is proven have further organisations. */
@ApplicationScoped
public class FoundingFlow {
    private final VerifiedEmailFlow verifiedEmail;
    private final FoundingService founding;

    FoundingFlow(VerifiedEmailFlow verifiedEmail, FoundingService founding) {
        this.verifiedEmail = verifiedEmail;
        this.founding = founding;
    }

    /** Makes a tenant that the calling person owns; 409 when it owns as many as one may. */
    public TenantResponse found(Caller caller, CreateTenantRequest request) {
        UserAccount person = verifiedEmail.require(caller);
        return founding.found(caller, person, request);
    }
}
