package dev.parley.auth.invitation;

import dev.parley.auth.identity.UserAccount;
import dev.parley.auth.identity.UserAccountService;
import dev.parley.auth.identity.VerifiedEmailFlow;
import dev.parley.auth.stock.Stock;
import dev.parley.auth.stock.StockFlow;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;

/** Lets an invited person in whose e-mail address is proven: the invitation alone may have been forwarded. */
@ApplicationScoped
public class AcceptInvitationFlow {
    private final UserAccountService accounts;
    private final VerifiedEmailFlow verifiedEmail;
    private final InvitationService invitations;
    private final StockFlow stocks;

    AcceptInvitationFlow(
            UserAccountService accounts,
            VerifiedEmailFlow verifiedEmail,
            InvitationService invitations,
            StockFlow stocks) {
        this.accounts = accounts;
        this.verifiedEmail = verifiedEmail;
        this.invitations = invitations;
        this.stocks = stocks;
    }

    /**
     * Makes the caller a member of the tenant that the secret names, if its plan has a seat left; a 403 problem for keys
     * and services.
     */
    public AcceptanceResponse accept(Caller caller, String secret) {
        accounts.personOf(caller);
        InvitationToken token = InvitationToken.parse(secret).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
        UserAccount person = verifiedEmail.require(caller);
        return stocks.addOne(
                caller,
                token.tenant(),
                Stock.SEATS,
                () -> invitations.seatsOfMembers(person, token),
                allowance -> invitations.accept(caller, person, token, allowance));
    }
}
