package dev.parley.channel.message;

import dev.parley.channel.delivery.DeliveryFlow;
import dev.parley.channel.message.StaffMessageRepository.Opening;
import dev.parley.channel.outbound.DecisionRequest;
import dev.parley.channel.outbound.PolicyClient;
import dev.parley.channel.outbound.PolicyDecision;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Lets people of the tenant write to customers: decided and metered as any other message. */
@ApplicationScoped
class StaffMessageFlow {
    private final StaffMessageService messages;
    private final PolicyClient policy;
    private final StaffCharges charges;
    private final DeliveryFlow deliveries;
    private final Clock clock;

    StaffMessageFlow(
            StaffMessageService messages,
            PolicyClient policy,
            StaffCharges charges,
            DeliveryFlow deliveries,
            Clock clock) {
        this.messages = messages;
        this.policy = policy;
        this.charges = charges;
        this.deliveries = deliveries;
        this.clock = clock;
    }

    /**
     * Says something in the caller's name, who has the conversation from then on; the same client id again is the same
     * message.
     *
     * @throws Problem policy's refusal (402, 403, 429), or as {@link StaffMessageService#speak}
     */
    StaffMessage speak(Caller caller, UUID conversation, SendMessageRequest request, @Nullable String clientId) {
        Opening opening = messages.open(caller, conversation, request, clientId);
        if (opening.known() != null) {
            return opening.known();
        }
        UUID operation = Operation.id();
        PolicyDecision decision = policy.decide(
                caller.tenant(),
                new DecisionRequest(
                        operation,
                        opening.agent(),
                        opening.channel(),
                        caller.subject(),
                        conversation,
                        StaffCharges.ONE_MESSAGE,
                        true,
                        opening.onMessenger() ? new DecisionRequest.Contact(opening.optedOut()) : null));
        if (!decision.allow()) {
            throw decision.denial(clock.instant());
        }
        StaffCharge charge = new StaffCharge(
                operation, conversation, opening.agent(), opening.channel(), caller.subject(), decision.holdId());
        StaffMessage said = said(caller, request, clientId, charge);
        if (said.operationId().equals(operation)) {
            charges.book(caller.tenant(), charge);
        } else {
            release(caller, charge, "the message was stored before");
        }
        if (opening.onMessenger()) {
            deliveries.deliver(caller.tenant(), conversation);
        }
        return said;
    }

    private StaffMessage said(
            Caller caller, SendMessageRequest request, @Nullable String clientId, StaffCharge charge) {
        try {
            return messages.speak(caller, request, clientId, charge);
        } catch (RuntimeException failure) {
            release(caller, charge, "the message was not stored");
            throw failure;
        }
    }

    private void release(Caller caller, StaffCharge charge, String reason) {
        policy.giveBack(caller.tenant(), charge.operation(), charge.hold(), reason);
    }
}
