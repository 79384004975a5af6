package dev.parley.auth.invitation;

import dev.parley.auth.identity.VerifiedEmailFlow;
import dev.parley.auth.stock.Stock;
import dev.parley.auth.stock.StockFlow;
import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** Lets people invite others whose own e-mail address is proven: nobody else sends mail to strangers in Parley's name. */
@ApplicationScoped
public class InviteFlow {
    private final VerifiedEmailFlow verifiedEmail;
    private final InvitationService invitations;
    private final StockFlow stocks;

    InviteFlow(VerifiedEmailFlow verifiedEmail, InvitationService invitations, StockFlow stocks) {
        this.verifiedEmail = verifiedEmail;
        this.invitations = invitations;
        this.stocks = stocks;
    }

    /** Sends an invitation to the caller's tenant, if its plan has a seat left. */
    public InvitationResponse invite(Caller caller, CreateInvitationRequest request) {
        verifiedEmail.require(caller);
        return stocks.addOne(
                caller,
                caller.tenant(),
                Stock.SEATS,
                () -> invitations.seatsBeside(caller, request),
                allowance -> invitations.create(caller, request, allowance));
    }

    /** Sends an invitation again with a new link, under the same condition. */
    public InvitationResponse resend(Caller caller, UUID id) {
        verifiedEmail.require(caller);
        return stocks.addOne(
                caller,
                caller.tenant(),
                Stock.SEATS,
                () -> invitations.seatsBeside(caller, id),
                allowance -> invitations.resend(caller, id, allowance));
    }
}
