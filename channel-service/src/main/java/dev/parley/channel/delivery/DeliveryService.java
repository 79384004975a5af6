package dev.parley.channel.delivery;

import dev.parley.channel.adapter.Adapters;
import dev.parley.channel.adapter.OutboundPart;
import dev.parley.channel.adapter.OutboundReply;
import dev.parley.channel.delivery.DeliveryRepository.Intent;
import dev.parley.platform.id.Ids;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Plans sends and tells what became of them, in the transactions of others. */
@ApplicationScoped
public class DeliveryService {
    /** What stands for a one-time code in everything that is stored of its message. */
    public static final String MASK = "\u2022\u2022\u2022\u2022\u2022\u2022";

    private static final String NEWER_CODE = "a newer code took its place";
    private static final String NEWER_ANSWER = "the answer to a later message took its place";

    private final DeliveryRepository repository;
    private final SealedCodes codes;
    private final Adapters adapters;

    DeliveryService(DeliveryRepository repository, SealedCodes codes, Adapters adapters) {
        this.repository = repository;
        this.codes = codes;
        this.adapters = adapters;
    }

    /** Whether replies of that channel are sent, rather than given back to who asked. */
    public boolean delivers(String channel) {
        return adapters.messenger(channel).isPresent();
    }

    /**
     * Plans the sends of a message, in the transaction that stores it. An agent writes Markdown, and its answers go out
     * in the channel's own form; what a person typed and what we tell are sent letter by letter, since an asterisk there
     * is an asterisk.
     *
     * @param purpose also says who wrote: a {@link Purpose#REPLY} is an agent's, be it corrected by a person
     * @param epoch the conversation's when it was begun: the bot's answer of one that a person or an opt-out ended is not sent
     */
    public void plan(
            Handle handle,
            TenantId tenant,
            UUID conversation,
            UUID message,
            UUID operation,
            OutboundReply reply,
            Purpose purpose,
            long epoch) {
        insert(handle, tenant, conversation, message, operation, reply, purpose, epoch);
    }

    /**
     * Plans the send of a one-time code, in the transaction that stores its message. Only the sender ever reads the code:
     * it is kept encrypted until the send ends, however that is, and is then struck out.
     *
     * @param masked what is sent, with {@link #MASK} where the code belongs
     * @param life after that time it is not sent any more
     */
    public void planCode(
            Handle handle,
            TenantId tenant,
            UUID conversation,
            UUID message,
            UUID operation,
            String masked,
            String code,
            Duration life) {
        List<Intent> intents =
                insert(handle, tenant, conversation, message, operation, OutboundReply.of(masked), Purpose.CODE, 0);
        if (intents.size() != 1) {
            throw new IllegalStateException("a code goes out in one piece");
        }
        UUID send = intents.getFirst().id();
        repository.seal(handle, tenant, send, codes.sealed(handle, tenant, send, code), life);
    }

    private List<Intent> insert(
            Handle handle,
            TenantId tenant,
            UUID conversation,
            UUID message,
            UUID operation,
            OutboundReply reply,
            Purpose purpose,
            long epoch) {
        var address = repository
                .address(handle, tenant, conversation)
                .orElseThrow(() -> new IllegalStateException("a messenger's conversation has an account"));
        List<OutboundPart> parts = adapters.messenger(address.channel())
                .orElseThrow()
                .render(purpose == Purpose.REPLY ? reply.asMarkdown() : reply);
        List<Intent> intents = new ArrayList<>(parts.size());
        for (int i = 0; i < parts.size(); i++) {
            intents.add(new Intent(
                    Ids.next(),
                    conversation,
                    address.accountId(),
                    message,
                    operation,
                    i + 1,
                    parts.size(),
                    parts.get(i),
                    purpose,
                    epoch));
        }
        repository.insert(handle, tenant, intents);
        return intents;
    }

    /** The operations whose answers wait for their first send, and can still be withdrawn. */
    public List<UUID> unsent(Handle handle, TenantId tenant, UUID conversation) {
        return repository.unsent(handle, tenant, conversation);
    }

    /** Withdraws the unsent answers of these operations: another answer takes their place. */
    public void withdraw(Handle handle, TenantId tenant, List<UUID> operations) {
        repository.withdraw(handle, tenant, operations, NEWER_ANSWER);
    }

    /** Withdraws the unsent codes of these operations: a newer one takes their place. */
    public void withdrawCodes(Handle handle, TenantId tenant, List<UUID> operations) {
        repository.withdraw(handle, tenant, operations, NEWER_CODE);
    }

    /** What became of an operation's sends, as far as we brought them and then as far as vendors tell. */
    public List<Send> sends(Handle handle, TenantId tenant, UUID operation) {
        return repository.steps(handle, tenant, operation).stream()
                .flatMap(step -> {
                    String part = step.partNo() + "/" + step.parts();
                    Map<String, Object> detail = new LinkedHashMap<>(Map.of("part", part));
                    detail.put("attempts", step.attempts());
                    put(detail, "provider_message_id", step.providerMessageId());
                    put(detail, "last_error", step.lastError());
                    Send send = new Send(step.at(), step.state().name().toLowerCase(Locale.ROOT), detail);
                    if (!step.toldMore()) {
                        return Stream.of(send);
                    }
                    Map<String, Object> told = new LinkedHashMap<>(Map.of("part", part));
                    put(told, "error", step.deliveryError());
                    return Stream.of(send, new Send(step.deliveryAt(), step.delivery(), told));
                })
                .toList();
    }

    private static void put(Map<String, Object> detail, String name, @Nullable Object value) {
        if (value != null) {
            detail.put(name, value);
        }
    }

    /** One send as the trace shows it. */
    public record Send(Instant at, String state, Map<String, Object> detail) {}
}
