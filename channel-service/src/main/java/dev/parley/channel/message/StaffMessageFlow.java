package dev.parley.channel.message;

import dev.parley.channel.delivery.DeliveryFlow;
import dev.parley.channel.message.StaffMessageRepository.Opening;
import dev.parley.channel.outbound.DecisionRequest;
import dev.parley.channel.outbound.PolicyClient;
import dev.parley.channel.outbound.PolicyDecision;
import dev.parley.channel.outbound.SettlementRequest;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Lets people of the tenant write to customers of messengers: decided and metered as any other message. */
@ApplicationScoped
class StaffMessageFlow {
    private static final Logger LOG = Logger.getLogger(StaffMessageFlow.class);
    private static final Map<String, Long> ONE_MESSAGE = Map.of("message", 1L);

    private final StaffMessageService messages;
    private final PolicyClient policy;
    private final DeliveryFlow deliveries;
    private final Clock clock;

    StaffMessageFlow(StaffMessageService messages, PolicyClient policy, DeliveryFlow deliveries, Clock clock) {
        this.messages = messages;
        this.policy = policy;
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
                        ONE_MESSAGE,
                        true,
                        new DecisionRequest.Contact(opening.optedOut())));
        if (!decision.allow()) {
            throw decision.denial(clock.instant());
        }
        StaffMessage said = said(caller, conversation, request, clientId, decision);
        if (said.operationId().equals(operation)) {
            settle(caller, opening, conversation, decision);
        } else {
            release(caller, decision, "the message was stored before");
        }
        deliveries.deliver(caller.tenant(), conversation);
        return said;
    }

    private StaffMessage said(
            Caller caller,
            UUID conversation,
            SendMessageRequest request,
            @Nullable String clientId,
            PolicyDecision decision) {
        try {
            return messages.speak(caller, conversation, request, clientId);
        } catch (RuntimeException failure) {
            release(caller, decision, "the message was not stored");
            throw failure;
        }
    }

    private void release(Caller caller, PolicyDecision decision, String reason) {
        try {
            policy.release(caller.tenant(), Operation.id(), decision.holdId(), reason);
        } catch (Problem problem) {
            LOG.warnf(problem, "the hold of operation %s is left to expire", Operation.id());
        }
    }

    /** What was said goes out: a person is not told otherwise because the price could not be noted. */
    private void settle(Caller caller, Opening opening, UUID conversation, PolicyDecision decision) {
        try {
            policy.settle(
                    caller.tenant(),
                    Operation.id(),
                    new SettlementRequest(
                            ONE_MESSAGE,
                            false,
                            opening.agent(),
                            opening.channel(),
                            conversation,
                            caller.subject(),
                            null,
                            decision.holdId()));
        } catch (Problem problem) {
            LOG.warnf(problem, "operation %s of a person is not charged", Operation.id());
        }
    }
}
