package dev.parley.channel.message;

import dev.parley.channel.admission.AdmissionService;
import dev.parley.channel.answer.AnswerFlow;
import dev.parley.channel.answer.LiveAnswer;
import dev.parley.channel.outbound.Deltas;
import dev.parley.channel.text.PlainText;
import dev.parley.channel.turn.Admission;
import dev.parley.channel.turn.Answer;
import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Takes a message of the web channel and answers it, or one that a person writes to the customer of a messenger. */
@ApplicationScoped
class SendMessageFlow {
    private final AdmissionService admissions;
    private final Attachments attachments;
    private final AnswerFlow answers;
    private final StaffMessageFlow staff;

    SendMessageFlow(AdmissionService admissions, AnswerFlow answers, StaffMessageFlow staff, Attachments attachments) {
        this.admissions = admissions;
        this.attachments = attachments;
        this.answers = answers;
        this.staff = staff;
    }

    /** Stores a message; empty when the conversation is on a messenger: there people write as {@link #speak}. */
    Optional<Admission> admit(
            Caller caller, UUID conversation, SendMessageRequest request, @Nullable String idempotencyKey) {
        request.demandContent();
        return request.as() == null && !request.goesToCustomers()
                ? admissions.admit(
                        caller,
                        conversation,
                        request.text(),
                        attachments.forAgent(caller.tenant(), request.attachments()),
                        clientId(request, idempotencyKey))
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
        return staff.speak(caller, conversation, request, clientId(request, idempotencyKey));
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
