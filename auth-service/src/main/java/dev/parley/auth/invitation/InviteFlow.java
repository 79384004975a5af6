package dev.parley.auth.invitation;

import dev.parley.auth.identity.VerifiedEmailFlow;
import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** Lets people invite others whose own e-mail address is proven: nobody else sends mail to strangers in Parley's name. */
@ApplicationScoped
public class InviteFlow {
    private final VerifiedEmailFlow verifiedEmail;
    private final InvitationService invitations;

    InviteFlow(VerifiedEmailFlow verifiedEmail, InvitationService invitations) {
        this.verifiedEmail = verifiedEmail;
        this.invitations = invitations;
    }

    /** Sends an invitation to the caller's tenant. */
    public InvitationResponse invite(Caller caller, CreateInvitationRequest request) {
        verifiedEmail.require(caller);
        return invitations.create(caller, request);
    }

    /** Sends an invitation again with a new link. */
    public InvitationResponse resend(Caller caller, UUID id) {
        verifiedEmail.require(caller);
        return invitations.resend(caller, id);
    }
}
