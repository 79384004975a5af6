package dev.parley.auth.invitation;

import dev.parley.auth.identity.EmailAddress;
import dev.parley.auth.identity.UserAccount;
import dev.parley.auth.identity.UserAccountService;
import dev.parley.auth.member.MemberProblem;
import dev.parley.auth.member.MembershipService;
import dev.parley.auth.member.Role;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;

/** Invites people to the caller's tenant and lets them in. */
@ApplicationScoped
public class InvitationService {
    private final Database database;
    private final InvitationRepository invitations;
    private final MembershipService members;
    private final UserAccountService accounts;
    private final Audit audit;
    private final InvitationConfig config;
    private final Clock clock;

    InvitationService(
            Database database,
            InvitationRepository invitations,
            MembershipService members,
            UserAccountService accounts,
            Audit audit,
            InvitationConfig config,
            Clock clock) {
        this.database = database;
        this.invitations = invitations;
        this.members = members;
        this.accounts = accounts;
        this.audit = audit;
        this.config = config;
        this.clock = clock;
    }

    /** Makes an invitation whose secret is in the answer and nowhere else. */
    public InvitationResponse create(Caller caller, CreateInvitationRequest request) {
        TenantId tenant = caller.tenant();
        Role role = Role.of(request.role());
        if (role == Role.OWNER && !caller.roles().contains(Role.OWNER.word())) {
            throw new Problem(MemberProblem.OWNER_REQUIRED);
        }
        InvitationToken token = InvitationToken.create(tenant);
        Invitation invitation = new Invitation(
                Ids.next(),
                EmailAddress.of(request.email()).value(),
                role,
                clock.instant().plus(config.lifetime()),
                null,
                caller.actor());
        database.useTenant(tenant, handle -> {
            invitations.insert(handle, invitation, token.sha256());
            audit.record(
                    handle,
                    caller,
                    tenant,
                    new AuditEntry(
                            "invitation.create",
                            "invitation",
                            invitation.id().toString(),
                            null,
                            Map.of(
                                    "email",
                                    invitation.email(),
                                    "role",
                                    invitation.role().word()),
                            null));
        });
        return new InvitationResponse(
                invitation.id(),
                invitation.email(),
                invitation.role(),
                invitation.expiresAt(),
                URI.create(config.publicUrl() + "/api/v1/invitations/" + token.text() + "/acceptance"));
    }

    /** Makes the caller, to whose e-mail address the invitation was sent, a member. */
    public AcceptanceResponse accept(Caller caller, String secret) {
        InvitationToken token = InvitationToken.parse(secret).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
        UUID userId = accounts.personOf(caller);
        return database.inTenant(token.tenant(), handle -> {
            Invitation invitation =
                    invitations.lock(handle, token.sha256()).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
            UserAccount account = accounts.find(handle, userId).orElseThrow(() -> new Problem(CommonProblem.FORBIDDEN));
            if (!account.email().equals(invitation.email())) {
                throw new Problem(InvitationProblem.INVITATION_FOR_ANOTHER_PERSON);
            }
            if (invitation.acceptedAt() != null) {
                throw new Problem(InvitationProblem.INVITATION_ALREADY_ACCEPTED);
            }
            if (invitation.expiresAt().isBefore(clock.instant())) {
                throw new Problem(InvitationProblem.INVITATION_EXPIRED);
            }
            if (!members.add(handle, caller, token.tenant(), userId, invitation.role())) {
                throw new Problem(InvitationProblem.INVITATION_ALREADY_ACCEPTED).detail("you are a member already");
            }
            invitations.accept(handle, invitation.id(), userId);
            return new AcceptanceResponse(token.tenant(), invitation.role());
        });
    }
}
