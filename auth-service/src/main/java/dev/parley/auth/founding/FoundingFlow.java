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
    private final TrialFlow trial;

    FoundingFlow(VerifiedEmailFlow verifiedEmail, FoundingService founding, TrialFlow trial) {
        this.verifiedEmail = verifiedEmail;
        this.founding = founding;
        this.trial = trial;
    }

    /** Makes a tenant that the calling person owns; 409 when it owns as many as one may. Its trial can be used then. */
    public TenantResponse found(Caller caller, CreateTenantRequest request) {
        UserAccount person = verifiedEmail.require(caller);
        TenantResponse made = founding.found(caller, person, request);
        trial.await(made.id());
        return made;
    }
}
