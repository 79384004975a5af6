package dev.parley.channel.otp;

import dev.parley.channel.delivery.CodeTried;
import dev.parley.channel.delivery.DeliveryFlow;
import dev.parley.channel.message.StaffCharge;
import dev.parley.channel.message.StaffCharges;
import dev.parley.channel.outbound.DecisionRequest;
import dev.parley.channel.outbound.PolicyClient;
import dev.parley.channel.outbound.PolicyDecision;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Sends one-time codes: decided and metered as what people of the tenant write. */
@ApplicationScoped
class OtpFlow {
    private final OtpService codes;
    private final PolicyClient policy;
    private final StaffCharges charges;
    private final DeliveryFlow deliveries;
    private final Clock clock;

    OtpFlow(OtpService codes, PolicyClient policy, StaffCharges charges, DeliveryFlow deliveries, Clock clock) {
        this.codes = codes;
        this.policy = policy;
        this.charges = charges;
        this.deliveries = deliveries;
        this.clock = clock;
    }

    /**
     * Makes a code and sends it; it is paid for when its send was tried.
     *
     * @throws Problem policy's refusal (402, 403, 429), or as {@link OtpService#aim}
     */
    OtpResponse send(Caller caller, OtpRequest request) {
        Aim aim = codes.aim(caller.tenant(), request);
        UUID operation = Operation.id();
        PolicyDecision decision = policy.decide(
                caller.tenant(),
                new DecisionRequest(
                        operation,
                        aim.agent(),
                        aim.channel(),
                        caller.subject(),
                        aim.conversation(),
                        StaffCharges.ONE_MESSAGE,
                        true,
                        new DecisionRequest.Contact(false)));
        if (!decision.allow()) {
            throw decision.denial(clock.instant());
        }
        OtpResponse issued = issued(caller, request, aim, operation, decision.holdId());
        deliveries.deliver(caller.tenant(), issued.conversationId());
        return issued;
    }

    /** The charge of a code that nobody tried to send is given back by {@link StaffCharges#sweep}. */
    void tried(@Observes CodeTried code) {
        charges.book(code.tenant(), code.operation());
    }

    private OtpResponse issued(Caller caller, OtpRequest request, Aim aim, UUID operation, @Nullable String hold) {
        try {
            return codes.issue(
                    caller,
                    request,
                    conversation -> new StaffCharge(
                            operation, conversation, aim.agent(), aim.channel(), caller.subject(), hold));
        } catch (RuntimeException failure) {
            policy.giveBack(caller.tenant(), operation, hold, "the code was not stored");
            throw failure;
        }
    }
}
