package dev.parley.agent.trial;

import dev.parley.agent.run.DraftRuns;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;

/**
 * What to answer with a version.
 *
 * @param messages oldest first
 * @param variables values of the prompt's variables; none when absent
 */
public record TryRequest(
        @NotEmpty @Size(max = 100) List<@Valid @NotNull Said> messages,

        @Size(max = 50) Map<String, @NotNull @Size(max = 10_000) String> variables) {
    /** One message. */
    public record Said(
            @NotNull @Pattern(regexp = "user|assistant") String role,

            @NotBlank @Size(max = 100_000) @Pattern(regexp = "(?s)[^\\x00]*")
            String content) {
        DraftRuns.Said said() {
            return new DraftRuns.Said(role, content);
        }
    }

    Map<String, String> values() {
        return variables == null ? Map.of() : variables;
    }

    List<DraftRuns.Said> conversation() {
        return messages.stream().map(Said::said).toList();
    }
}
