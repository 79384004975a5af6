package dev.parley.channel.message;

import dev.parley.channel.outbound.Deltas;
import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Takes a message of the web channel and answers it. */
@ApplicationScoped
class SendMessageFlow {
    private final MessageService messages;
    private final AnswerFlow answers;

    SendMessageFlow(MessageService messages, AnswerFlow answers) {
        this.messages = messages;
        this.answers = answers;
    }

    /** Answers as a whole. A message that is known by its client id gets the answer that it got. */
    Answer send(Caller caller, UUID conversation, SendMessageRequest request, @Nullable String idempotencyKey) {
        return answer(messages.admit(caller, conversation, request, clientId(request, idempotencyKey)), Deltas.NONE);
    }

    /** Answers piece by piece; the run goes on when the client leaves. */
    LiveAnswer stream(Caller caller, UUID conversation, SendMessageRequest request, @Nullable String idempotencyKey) {
        Admission admission = messages.admit(caller, conversation, request, clientId(request, idempotencyKey));
        return LiveAnswer.start(deltas -> answer(admission, deltas));
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
