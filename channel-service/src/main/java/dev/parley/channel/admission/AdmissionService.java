package dev.parley.channel.admission;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.parley.channel.admission.AdmissionRepository.Admitted;
import dev.parley.channel.admission.AdmissionRepository.AdmittedOutside;
import dev.parley.channel.admission.AdmissionRepository.OutsideThread;
import dev.parley.channel.text.PlainText;
import dev.parley.channel.turn.Admission;
import dev.parley.channel.turn.Images;
import dev.parley.channel.turn.MessageView;
import dev.parley.channel.turn.NewMessage;
import dev.parley.channel.turn.Turn;
import dev.parley.channel.turn.TurnService;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Takes messages that come in from callers who wait for the answer: stored once, with the operation that answers. */
@ApplicationScoped
public class AdmissionService {
    private final Database database;
    private final AdmissionRepository repository;
    private final TurnService turns;
    private final Clock clock;

    AdmissionService(Database database, AdmissionRepository repository, TurnService turns, Clock clock) {
        this.database = database;
        this.repository = repository;
        this.turns = turns;
        this.clock = clock;
    }

    /**
     * Stores a message of the web channel, or finds it when its client id is known.
     *
     * @param clientMessageId the client's id, from the body or the Idempotency-Key; null when it gave none
     * @param images as they are stored; null for none
     * @return empty when the conversation is on a messenger, where only people of the tenant write: nothing is stored
     */
    public Optional<Admission> admit(
            Caller caller,
            UUID conversation,
            String text,
            @Nullable ArrayNode images,
            @Nullable String clientMessageId) {
        TenantId tenant = caller.tenant();
        NewMessage message = new NewMessage(
                Ids.next(),
                conversation,
                Operation.id(),
                PlainText.storable(text),
                images,
                clientMessageId,
                userOf(caller),
                caller.actor());
        Optional<Admitted> stored =
                repository.admit(database, tenant, message, turns.historyRead(), turns.abandonedSeconds());
        if (stored.isEmpty()) {
            if (database.inTenant(tenant, handle -> repository.isOnMessenger(handle, tenant, conversation))) {
                return Optional.empty();
            }
            throw new Problem(CommonProblem.NOT_FOUND);
        }
        Admitted admitted = stored.get();
        if (admitted.createdAt() == null) {
            return Optional.of(database.inTenant(tenant, handle -> turns.known(handle, tenant, message, null, null)));
        }
        return Optional.of(new Admission.Open(new Turn(
                tenant,
                message.operationId(),
                conversation,
                view(message, conversation, admitted.createdAt()),
                admitted.seq(),
                admitted.agent(),
                admitted.channel(),
                message.userId(),
                message.createdBy(),
                turns.prompt(admitted.history(), Images.content(message.text(), images)),
                null,
                false,
                clock.instant(),
                null)));
    }

    /**
     * Stores the last message of a caller that brings its own context, in the conversation that it names, or in a new
     * one.
     */
    public Admission admitOutside(Caller caller, OutsideMessage outside) {
        TenantId tenant = caller.tenant();
        NewMessage message = new NewMessage(
                Ids.next(),
                Ids.next(),
                Operation.id(),
                PlainText.storable(outside.text()),
                null,
                outside.clientMessageId(),
                userOf(caller),
                caller.actor());
        OutsideThread thread = new OutsideThread(outside.agent(), outside.channel(), outside.threadKey());
        return database.inTenant(tenant, handle -> {
            AdmittedOutside admitted =
                    repository.admitOutside(handle, tenant, message, thread, turns.abandonedSeconds());
            if (admitted.createdAt() == null) {
                NewMessage again = new NewMessage(
                        message.id(),
                        admitted.conversationId(),
                        message.operationId(),
                        message.text(),
                        null,
                        message.clientMessageId(),
                        message.userId(),
                        message.createdBy());
                return turns.known(handle, tenant, again, outside.prompt(), outside.parameters());
            }
            return new Admission.Open(new Turn(
                    tenant,
                    message.operationId(),
                    admitted.conversationId(),
                    view(message, admitted.conversationId(), admitted.createdAt()),
                    admitted.seq(),
                    outside.agent(),
                    outside.channel(),
                    message.userId(),
                    message.createdBy(),
                    outside.prompt(),
                    outside.parameters(),
                    false,
                    clock.instant(),
                    null));
        });
    }

    private static MessageView view(NewMessage message, UUID conversation, Instant at) {
        return MessageView.inbound(
                message.id(),
                conversation,
                message.text(),
                at,
                "running",
                message.clientMessageId(),
                message.attachments(),
                message.operationId());
    }

    private static @Nullable String userOf(Caller caller) {
        return caller.roles().contains("member") ? caller.subject() : null;
    }
}
