package dev.parley.channel.message;

import dev.parley.channel.delivery.DeliveryFlow;
import dev.parley.channel.outbound.Deltas;
import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Takes a message of the web channel and answers it, or one that a person writes to the customer of a messenger. */
@ApplicationScoped
class SendMessageFlow {
    private final MessageService messages;
    private final AnswerFlow answers;
    private final StaffMessageService staff;
    private final DeliveryFlow deliveries;

    SendMessageFlow(MessageService messages, AnswerFlow answers, StaffMessageService staff, DeliveryFlow deliveries) {
        this.messages = messages;
        this.answers = answers;
        this.staff = staff;
        this.deliveries = deliveries;
    }

    /** Stores a message; empty when the conversation is on a messenger: there people write as {@link #speak}. */
    Optional<Admission> admit(
            Caller caller, UUID conversation, SendMessageRequest request, @Nullable String idempotencyKey) {
        return request.as() == null
                ? messages.admit(caller, conversation, request, clientId(request, idempotencyKey))
                : Optional.empty();
    }

    /** Answers as a whole. A message that is known by its client id gets the answer that it got. */
    Answer answer(Admission admission) {
        return answer(admission, Deltas.NONE);
    }

    /** Answers piece by piece; the run goes on when the client leaves. */
    LiveAnswer stream(Admission admission) {
        return LiveAnswer.start(deltas -> answer(admission, deltas));
    }

    /** Says something to the customer of a messenger in a person's name, who has the conversation from then on. */
    StaffMessage speak(Caller caller, UUID conversation, SendMessageRequest request, @Nullable String idempotencyKey) {
        StaffMessage said = staff.speak(caller, conversation, request, clientId(request, idempotencyKey));
        deliveries.deliver(caller.tenant(), conversation);
        return said;
    }

    private Answer answer(Admission admission, Deltas deltas) {
        return switch (admission) {
            case Admission.Answered answered -> answered.answer();
            case Admission.Open open -> answers.answer(open.turn(), deltas);
        };
    }

    private static @Nullable String clientId(SendMessageRequest request, @Nullable String idempotencyKey) {
        if (request.clientMessageId() != null) {
            return PlainText.storable(request.clientMessageId());
        }
        return idempotencyKey == null ? null : "idempotency-key:" + PlainText.storable(idempotencyKey);
    }
}
