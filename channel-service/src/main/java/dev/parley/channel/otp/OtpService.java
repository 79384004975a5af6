package dev.parley.channel.otp;

import dev.parley.channel.account.AccountRoute;
import dev.parley.channel.account.AccountService;
import dev.parley.channel.adapter.Adapters;
import dev.parley.channel.adapter.Addressee;
import dev.parley.channel.adapter.Capabilities;
import dev.parley.channel.adapter.MessengerAdapter;
import dev.parley.channel.adapter.OutboundPart;
import dev.parley.channel.contact.PhoneNumbers;
import dev.parley.channel.delivery.DeliveryService;
import dev.parley.channel.message.StaffCharge;
import dev.parley.channel.message.StaffCharges;
import dev.parley.channel.otp.OtpRepository.Limit;
import dev.parley.channel.otp.OtpRepository.Tried;
import dev.parley.channel.otp.OtpThreadRepository.Person;
import dev.parley.channel.text.PlainText;
import dev.parley.channel.turn.MessageProblem;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/** Keeps one-time codes: who may get one, what was tried, and which are over. */
@ApplicationScoped
public class OtpService {
    private final Database database;
    private final OtpRepository repository;
    private final OtpThreadRepository threads;
    private final OtpCodes codes;
    private final OtpTexts texts;
    private final AccountService accounts;
    private final Adapters adapters;
    private final DeliveryService deliveries;
    private final StaffCharges charges;
    private final OtpConfig config;
    private final Clock clock;

    OtpService(
            Database database,
            OtpRepository repository,
            OtpThreadRepository threads,
            OtpCodes codes,
            OtpTexts texts,
            AccountService accounts,
            Adapters adapters,
            DeliveryService deliveries,
            StaffCharges charges,
            OtpConfig config,
            Clock clock) {
        this.database = database;
        this.repository = repository;
        this.threads = threads;
        this.codes = codes;
        this.texts = texts;
        this.accounts = accounts;
        this.adapters = adapters;
        this.deliveries = deliveries;
        this.charges = charges;
        this.config = config;
        this.clock = clock;
    }

    /**
     * Where a code would go, if one may be sent now.
     *
     * @throws Problem 404 when the tenant has no such channel, 422 when it knows nobody of that name, 403 when that person
     *     opted out, 409 when the channel cannot reach that person now, 429 when too many codes were sent
     */
    Aim aim(TenantId tenant, OtpRequest request) {
        AccountRoute route = accounts.route(request.channelId())
                .filter(known -> known.tenant().equals(tenant))
                .orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
        MessengerAdapter adapter =
                adapters.messengerOfAccount(route.type()).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
        Addressee addressee = addressee(adapter, request.to());
        return database.inTenant(tenant, handle -> aim(handle, tenant, route, adapter, addressee));
    }

    private Aim aim(Handle handle, TenantId tenant, AccountRoute route, MessengerAdapter adapter, Addressee addressee) {
        Person person = threads.person(handle, tenant, route.accountId(), route.channel(), addressee);
        if (person.optedOut()) {
            throw new Problem(MessageProblem.CONTACT_OPTED_OUT);
        }
        if (person.conversation() == null && !addressee.unasked()) {
            throw new Problem(OtpProblem.OTP_RECIPIENT_UNKNOWN);
        }
        demandWindow(adapter.capabilities(), person);
        Aim aim = new Aim(
                route.accountId(),
                route.channel(),
                person.agent() == null ? route.agent() : person.agent(),
                addressee,
                person.conversation());
        demandRoom(handle, tenant, aim);
        return aim;
    }

    /**
     * Makes a code in place of an earlier one, stores its message without it, and plans its send with its price.
     *
     * @param price of a message in that conversation
     * @throws Problem as {@link #aim}: much may have happened since
     */
    OtpResponse issue(Caller caller, OtpRequest request, Function<UUID, StaffCharge> price) {
        TenantId tenant = caller.tenant();
        AccountRoute route =
                accounts.route(request.channelId()).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
        MessengerAdapter adapter =
                adapters.messengerOfAccount(route.type()).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
        Addressee addressee = addressee(adapter, request.to());
        String reference = PlainText.storable(request.reference());
        return database.inTenant(tenant, handle -> {
            repository.lockTenant(handle, tenant);
            Aim aim = aim(handle, tenant, route, adapter, addressee);
            List<UUID> earlier = repository.cancel(handle, tenant, aim, request.purpose(), reference);
            deliveries.withdrawCodes(handle, tenant, earlier);
            UUID conversation =
                    aim.conversation() == null ? threads.open(handle, tenant, aim, caller.actor()) : aim.conversation();
            StaffCharge charge = price.apply(conversation);
            UUID id = Ids.next();
            UUID message = Ids.next();
            String code = codes.fresh();
            String masked = texts.masked(request.purpose(), config.life(), request.language());
            threads.say(handle, tenant, conversation, message, charge.operation(), masked, caller.actor());
            deliveries.planCode(handle, tenant, conversation, message, charge.operation(), masked, code, config.life());
            charges.note(handle, tenant, charge, caller.actor());
            OtpResponse stored = repository.insert(
                    handle,
                    tenant,
                    new OtpRepository.Fresh(
                            id,
                            aim,
                            conversation,
                            charge.operation(),
                            request.purpose(),
                            reference,
                            codes.digest(tenant, id, reference, code),
                            config.tries(),
                            config.life(),
                            caller.actor()));
            return stored.delivered("pending");
        });
    }

    /** A code without the code; 404 when the tenant has none of that id. */
    OtpResponse get(TenantId tenant, UUID id) {
        return database.inTenant(tenant, handle -> {
            OtpResponse found =
                    repository.find(handle, tenant, id).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
            List<DeliveryService.Send> sends = deliveries.sends(handle, tenant, found.operationId());
            return found.delivered(sends.isEmpty() ? null : sends.getLast().state());
        });
    }

    /**
     * Tries a code. The try is counted by the statement that locks the code, so of any number of checks at once one can
     * approve it, and no more are compared than it has tries. What is over is refused as what is wrong, after the same
     * work.
     */
    OtpCheckResponse check(TenantId tenant, UUID id, OtpCheckRequest request) {
        String reference = PlainText.storable(request.reference());
        return database.inTenant(tenant, handle -> {
            Optional<Tried> tried = repository.countTry(handle, tenant, id);
            if (tried.isEmpty() && repository.find(handle, tenant, id).isEmpty()) {
                throw new Problem(CommonProblem.NOT_FOUND);
            }
            byte[] digest = tried.map(Tried::digest).orElseGet(() -> codes.decoy(tenant, id));
            boolean right = codes.matches(tenant, digest, id, reference, request.code());
            if (right && tried.isPresent()) {
                repository.approve(handle, tenant, id);
                return OtpCheckResponse.approved();
            }
            return OtpCheckResponse.refused(tried.map(Tried::left).orElse(0));
        });
    }

    /** Forgets codes of long ago; returns how many. */
    public int sweep() {
        return database.acrossTenants(handle -> repository.forget(handle, config.kept()));
    }

    private static Addressee addressee(MessengerAdapter adapter, String to) {
        String stripped = to.strip();
        // Only numbers that exist: what is pumped often goes to others.
        Optional<String> name = stripped.startsWith("+") ? PhoneNumbers.e164(stripped, null) : Optional.of(stripped);
        return name.flatMap(adapter::addressee).orElseThrow(() -> new Problem(CommonProblem.VALIDATION_FAILED)
                .with("errors", ProblemCompletion.error("/to", "is nobody whom this channel can write to")));
    }

    private void demandWindow(Capabilities capabilities, Person person) {
        if (!capabilities.takes(new OutboundPart.Text(DeliveryService.MASK), person.lastInbound(), clock.instant())) {
            throw new Problem(OtpProblem.OTP_WINDOW_CLOSED)
                    .detail("The channel takes codes for "
                            + capabilities.replyWindow().toHours()
                            + " hours after the person wrote last; use another channel, or wait until they write.");
        }
    }

    private void demandRoom(Handle handle, TenantId tenant, Aim aim) {
        for (Limit limit : repository.reached(handle, tenant, aim, config)) {
            throw new Problem(OtpProblem.OTP_LIMIT_REACHED)
                    .detail("Codes " + limit.of() + ": at most " + limit.most() + " in "
                            + config.window().toMinutes() + " minutes.")
                    .header("Retry-After", Long.toString(limit.retryAfter()));
        }
    }
}
