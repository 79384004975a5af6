package dev.parley.agent.prompt.golden;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;

/**
 * A golden conversation as an admin writes it.
 *
 * @param variables values of the prompt's variables; none when absent
 * @param tools the platform's functions that the version may call; none when absent
 */
public record GoldenRequest(
        @NotBlank @Size(max = 120) @Pattern(regexp = "(?s)[^\\x00]*")
        String name,

        @NotEmpty @Size(max = 20) List<GoldenConversation.@Valid @NotNull Turn> turns,

        @Size(max = 50)
        Map<
                        @Pattern(regexp = "[A-Za-z_][A-Za-z0-9_.-]{0,62}") String,
                        @NotNull @Size(max = 10_000) @Pattern(regexp = "(?s)[^\\x00]*") String>
                variables,

        @Size(max = 50) List<@NotNull @Size(max = 64) String> tools) {
    GoldenConversation.Content content() {
        return new GoldenConversation.Content(turns, variables == null ? Map.of() : variables, tools);
    }
}
