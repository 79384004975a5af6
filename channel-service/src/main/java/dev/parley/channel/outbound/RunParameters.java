package dev.parley.channel.outbound;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a caller may ask of one run, within what the agent's prompt version allows. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunParameters(
        @Nullable Double temperature,
        @Nullable Integer maxTokens,
        @Nullable List<String> stop) {}
