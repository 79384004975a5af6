package dev.parley.auth.invitation;

import dev.parley.auth.identity.EmailAddress;
import dev.parley.auth.identity.UserAccount;
import dev.parley.auth.identity.UserAccountService;
import dev.parley.auth.member.MembershipService;
import dev.parley.auth.member.Role;
import dev.parley.auth.stock.Allowance;
import dev.parley.auth.tenant.TenantProblem;
import dev.parley.auth.tenant.TenantService;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.mail.MailOutbox;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Invites people to the caller's tenant by e-mail and lets them in. */
@ApplicationScoped
public class InvitationService {
    private static final String RESOURCE = "invitation";
    private static final Duration DAY = Duration.ofDays(1);

    private final Database database;
    private final InvitationRepository invitations;
    private final MembershipService members;
    private final TenantService tenants;
    private final UserAccountService accounts;
    private final MailOutbox mails;
    private final Audit audit;
    private final InvitationConfig config;
    private final Clock clock;

    InvitationService(
            Database database,
            InvitationRepository invitations,
            MembershipService members,
            TenantService tenants,
            UserAccountService accounts,
            MailOutbox mails,
            Audit audit,
            InvitationConfig config,
            Clock clock) {
        this.database = database;
        this.invitations = invitations;
        this.members = members;
        this.tenants = tenants;
        this.accounts = accounts;
        this.mails = mails;
        this.audit = audit;
        this.config = config;
        this.clock = clock;
    }

    /** The seats that are taken beside the one of an invitation, as long as nothing stands against making it. */
    long seatsBeside(Caller caller, CreateInvitationRequest request) {
        return database.inTenant(caller.tenant(), handle -> {
            String email = demandInvitable(handle, caller, request);
            return seatsBeside(handle, email);
        });
    }

    /** Sends an invitation; one that waits for the same address is renewed, and its older link works no more. */
    InvitationResponse create(Caller caller, CreateInvitationRequest request, Allowance allowance) {
        return database.inTenant(caller.tenant(), handle -> {
            tenants.growAlone(handle);
            String email = demandInvitable(handle, caller, request);
            allowance.demand(seatsBeside(handle, email));
            return send(handle, caller, email, Role.of(request.role()), "invitation.create");
        });
    }

    /** The invitations of the caller's tenant that wait or were not accepted in time. */
    public Page<InvitationResponse> list(Caller caller, @Nullable UUID after, int limit) {
        return database.inTenant(
                        caller.tenant(),
                        handle -> Page.of(invitations.list(handle, after, limit + 1), limit, invitation -> invitation
                                .id()
                                .toString()))
                .map(invitation -> response(invitation, null));
    }

    /** The seats that are taken beside the one of an invitation, as long as nothing stands against sending it again. */
    long seatsBeside(Caller caller, UUID id) {
        return database.inTenant(
                caller.tenant(),
                handle -> seatsBeside(handle, demandWaiting(handle, caller, id).email()));
    }

    /** Sends an invitation again with a new link; the older one works no more. */
    InvitationResponse resend(Caller caller, UUID id, Allowance allowance) {
        return database.inTenant(caller.tenant(), handle -> {
            tenants.growAlone(handle);
            Invitation waiting = demandWaiting(handle, caller, id);
            allowance.demand(seatsBeside(handle, waiting.email()));
            return send(handle, caller, waiting.email(), waiting.role(), "invitation.resend");
        });
    }

    /** Withdraws an invitation: its link works no more. */
    public void revoke(Caller caller, UUID id) {
        database.useTenant(caller.tenant(), handle -> {
            Invitation waiting =
                    invitations.lockLiving(handle, id).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
            invitations.revoke(handle, id);
            record(handle, caller, "invitation.revoke", id, view(waiting), null);
        });
    }

    /** The seats that members have, as long as nothing stands against accepting the invitation. */
    long seatsOfMembers(UserAccount person, InvitationToken token) {
        return database.inTenant(token.tenant(), handle -> {
            demandAcceptable(handle, person, token);
            return members.count(handle);
        });
    }

    /**
     * Makes a person, to whose proven e-mail address the invitation was sent, a member. Only members count then: when
     * the plan has fewer seats than people were invited, the first come get them.
     */
    AcceptanceResponse accept(Caller caller, UserAccount person, InvitationToken token, Allowance allowance) {
        return database.inTenant(token.tenant(), handle -> {
            tenants.growAlone(handle);
            Invitation invitation = demandAcceptable(handle, person, token);
            allowance.demand(members.count(handle));
            if (!members.add(handle, caller, token.tenant(), person.id(), invitation.role())) {
                throw new Problem(InvitationProblem.INVITATION_ALREADY_ACCEPTED).detail("you are a member already");
            }
            invitations.accept(handle, invitation.id(), person.id());
            return new AcceptanceResponse(token.tenant(), invitation.role());
        });
    }

    private String demandInvitable(Handle handle, Caller caller, CreateInvitationRequest request) {
        demandMayInvite(caller, Role.of(request.role()));
        String email = EmailAddress.of(request.email()).value();
        if (members.hasAddress(handle, email)) {
            throw new Problem(InvitationProblem.ALREADY_MEMBER);
        }
        return email;
    }

    private Invitation demandWaiting(Handle handle, Caller caller, UUID id) {
        Invitation waiting = invitations.lockLiving(handle, id).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
        demandMayInvite(caller, waiting.role());
        return waiting;
    }

    private Invitation demandAcceptable(Handle handle, UserAccount person, InvitationToken token) {
        Invitation invitation =
                invitations.lock(handle, token.sha256()).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
        if (!person.email().equals(invitation.email())) {
            throw new Problem(InvitationProblem.INVITATION_FOR_ANOTHER_PERSON);
        }
        if (invitation.acceptedAt() != null) {
            throw new Problem(InvitationProblem.INVITATION_ALREADY_ACCEPTED);
        }
        if (invitation.revokedAt() != null) {
            throw new Problem(InvitationProblem.INVITATION_EXPIRED).detail("it was withdrawn");
        }
        if (isExpired(invitation)) {
            throw new Problem(InvitationProblem.INVITATION_EXPIRED).detail("ask for a new one");
        }
        tenants.nameOfWorking(handle);
        if (members.hasAddress(handle, person.email())) {
            throw new Problem(InvitationProblem.INVITATION_ALREADY_ACCEPTED).detail("you are a member already");
        }
        return invitation;
    }

    /** A seat is kept for everybody who may still come, so no more are invited than there are seats. */
    private long seatsBeside(Handle handle, String email) {
        return members.count(handle) + invitations.countOthers(handle, email, clock.instant());
    }

    private InvitationResponse send(Handle handle, Caller caller, String email, Role role, String action) {
        TenantId tenant = caller.tenant();
        InvitationToken token = InvitationToken.create(tenant);
        Instant expiresAt = clock.instant().plus(config.lifetime());
        Invitation invitation =
                invitations.insertOrRenew(handle, Ids.next(), email, role, token.sha256(), expiresAt, caller.actor());
        demandFewMails(handle, email);
        String inviter = accounts.find(handle, accounts.personOf(caller))
                .map(UserAccount::name)
                .filter(name -> !name.isBlank())
                .orElse("Somebody");
        URI link = URI.create(config.publicUrl() + "/console/invitations/" + token.text());
        mails.append(
                handle,
                tenant,
                InvitationMail.write(email, tenants.nameOfWorking(handle), inviter, role, link, expiresAt));
        record(handle, caller, action, invitation.id(), null, view(invitation));
        return response(
                invitation, URI.create(config.publicUrl() + "/api/v1/invitations/" + token.text() + "/acceptance"));
    }

    /** Counted while the invitation is locked, so that many at once are counted one after the other. */
    private void demandFewMails(Handle handle, String email) {
        List<Instant> lately = mails.lately(handle, email, DAY);
        if (lately.size() >= config.mailsPerDay()) {
            Instant next = lately.get(config.mailsPerDay() - 1).plus(DAY);
            long seconds = Math.max(1, Duration.between(clock.instant(), next).toSeconds());
            throw new Problem(CommonProblem.RATE_LIMITED)
                    .detail("this address got " + lately.size() + " mails within a day")
                    .header("Retry-After", String.valueOf(seconds));
        }
    }

    private static void demandMayInvite(Caller caller, Role role) {
        if (role == Role.OWNER && !caller.roles().contains(Role.OWNER.word())) {
            throw new Problem(TenantProblem.OWNER_REQUIRED);
        }
    }

    private boolean isExpired(Invitation invitation) {
        return invitation.expiresAt().isBefore(clock.instant());
    }

    private InvitationResponse response(Invitation invitation, @Nullable URI acceptanceUrl) {
        return new InvitationResponse(
                invitation.id(),
                invitation.email(),
                invitation.role(),
                isExpired(invitation),
                invitation.expiresAt(),
                invitation.createdAt(),
                invitation.createdBy(),
                acceptanceUrl);
    }

    private static Map<String, String> view(Invitation invitation) {
        return Map.of(
                "email",
                invitation.email(),
                "role",
                invitation.role().word(),
                "expires_at",
                invitation.expiresAt().toString());
    }

    private void record(
            Handle handle, Caller caller, String action, UUID id, @Nullable Object before, @Nullable Object after) {
        audit.record(
                handle, caller, caller.tenant(), new AuditEntry(action, RESOURCE, id.toString(), before, after, null));
    }
}
