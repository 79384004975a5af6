package dev.parley.channel.draft;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What became of one draft of many.
 *
 * @param state as it is now; null when there is no such draft
 * @param code why the decision did not count, as in the problem that a single one would get
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Decided(
        UUID id,
        @Nullable DraftState state,
        @Nullable String code,
        @Nullable String detail) {}
