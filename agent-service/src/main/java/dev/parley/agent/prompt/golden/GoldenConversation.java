package dev.parley.agent.prompt.golden;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A conversation that an agent must get right.
 *
 * @param turns what the user says, one after the other, and what each reply must be like
 * @param variables values of the prompt's variables in this conversation
 * @param tools the platform's functions that the version may call; for a tenant's those of its configuration count
 */
public record GoldenConversation(
        UUID id,
        UUID agentId,
        String name,
        List<Turn> turns,
        Map<String, String> variables,
        List<String> tools,
        Instant createdAt,
        Instant updatedAt,
        String createdBy,
        String updatedBy) {
    /** What the user says, and what the reply must be like. */
    public record Turn(
            @NotBlank @Size(max = 10_000) @Pattern(regexp = "(?s)[^\\x00]*")
            String user,

            @NotNull @Size(max = 20) List<@Valid @NotNull Expectation> expect) {}

    /** The part that counts for a trial. */
    record Content(List<Turn> turns, Map<String, String> variables, List<String> tools) {
        Content {
            tools = tools == null ? List.of() : tools;
        }
    }
}
