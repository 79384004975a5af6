package dev.parley.channel.message;

import dev.parley.channel.admission.AdmissionFlow;
import dev.parley.channel.answer.AnswerFlow;
import dev.parley.channel.answer.LiveAnswer;
import dev.parley.channel.answer.LiveAnswers;
import dev.parley.channel.outbound.Deltas;
import dev.parley.channel.text.PlainText;
import dev.parley.channel.turn.Admission;
import dev.parley.channel.turn.MessageProblem;
import dev.parley.channel.turn.Said;
import dev.parley.channel.turn.Turn;
import dev.parley.channel.turn.TurnService;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Takes a message of the web channel and answers it, or one that a person writes to the customer. */
@ApplicationScoped
class SendMessageFlow {
    private final AdmissionFlow admissions;
    private final Attachments attachments;
    private final AnswerFlow answers;
    private final LiveAnswers streams;
    private final TurnService turns;
    private final StaffMessageFlow staff;

    SendMessageFlow(
            AdmissionFlow admissions,
            AnswerFlow answers,
            LiveAnswers streams,
            TurnService turns,
            StaffMessageFlow staff,
            Attachments attachments) {
        this.admissions = admissions;
        this.attachments = attachments;
        this.answers = answers;
        this.streams = streams;
        this.turns = turns;
        this.staff = staff;
    }

    /**
     * Stores a message when its turn has come; empty when a person says it, and on a messenger, where people write as
     * {@link #speak}.
     */
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

    /**
     * Answers as a whole, unless a person has the conversation. A message that is known by its client id gets the answer
     * that it got.
     */
    Said answer(Admission admission) {
        return answer(admission, Deltas.NONE);
    }

    /** Answers piece by piece, until a person takes over; the run goes on when the client leaves. */
    LiveAnswer stream(Admission admission) {
        return admission instanceof Admission.Open open
                ? streams.start(open.turn(), deltas -> answer(open.turn(), deltas))
                : LiveAnswer.start(deltas -> answer(admission, deltas));
    }

    /** Says something to the customer in a person's name, who has the conversation from then on. */
    StaffMessage speak(Caller caller, UUID conversation, SendMessageRequest request, @Nullable String idempotencyKey) {
        return staff.speak(caller, conversation, request, clientId(request, idempotencyKey));
    }

    private Said answer(Admission admission, Deltas deltas) {
        return switch (admission) {
            case Admission.Answered answered -> answered.answer();
            case Admission.ForStaff left -> left.held();
            case Admission.Open open -> answer(open.turn(), deltas);
        };
    }

    private Said answer(Turn turn, Deltas deltas) {
        try {
            return answers.answer(turn, deltas);
        } catch (Problem problem) {
            if (problem.type() != MessageProblem.MESSAGE_SUPERSEDED) {
                throw problem;
            }
            return turns.held(turn.tenant(), turn.operationId()).orElseThrow(() -> problem);
        }
    }

    private static @Nullable String clientId(SendMessageRequest request, @Nullable String idempotencyKey) {
        if (request.clientMessageId() != null) {
            return PlainText.storable(request.clientMessageId());
        }
        return idempotencyKey == null ? null : "idempotency-key:" + PlainText.storable(idempotencyKey);
    }
}
