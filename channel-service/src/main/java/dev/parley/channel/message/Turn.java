package dev.parley.channel.message;

import dev.parley.channel.outbound.PromptMessage;
import dev.parley.channel.outbound.RunParameters;
import dev.parley.platform.tenancy.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A stored message that has to be answered, with all that this needs.
 *
 * @param message what came in
 * @param seq the turn's number in its conversation
 * @param userId the person who asked, or null for a program or an end customer
 * @param prompt the context, oldest first, ending in the message
 * @param queued whether a failure for want of another service is tried again later instead of told to a client
 */
public record Turn(
        TenantId tenant,
        UUID operationId,
        UUID conversationId,
        MessageView message,
        long seq,
        String agent,
        String channel,
        @Nullable String userId,
        String createdBy,
        List<PromptMessage> prompt,
        @Nullable RunParameters parameters,
        boolean queued,
        Instant startedAt) {}
