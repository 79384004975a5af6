package dev.parley.policy.rules;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import dev.parley.policy.engine.Denial;
import dev.parley.policy.engine.Rules;
import dev.parley.policy.engine.Sizing;
import dev.parley.policy.text.Storable;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The platform's rules as staff writes them; what it leaves out is as the service is set up.
 *
 * @param sizing how large model calls are assumed to be
 * @param deny what is denied, whatever a plan says
 * @param administrative what staff may change alone
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RulesDocument(
        @Nullable @Valid SizingRule sizing,
        @Nullable @Valid @Size(max = 200) List<@NotNull DenialRule> deny,
        @Nullable @Valid AdministrativeRule administrative) {
    /** Nothing said. */
    public static final RulesDocument EMPTY = new RulesDocument(null, null, null);

    /** Tokens; what is left out is as the service is set up. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SizingRule(
            @Nullable @Min(1) @Max(1_000_000) Integer maxInputTokens,
            @Nullable @Min(0) @Max(1_000_000) Integer systemPromptTokens,
            @Nullable @Min(1) @Max(1_000_000) Integer defaultOutputTokens,
            @Nullable @Min(1) @Max(1_000_000) Integer minOutputTokens) {}

    /** Denies what fits all conditions that it names; at least one. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record DenialRule(
            @NotNull @Pattern(regexp = "[a-z0-9][a-z0-9-]{0,62}")
            String id,

            @Nullable @Size(max = 1000) Set<@NotBlank @Storable @Size(max = 100) String> agents,
            @Nullable @Size(max = 1000) Set<@NotBlank @Storable @Size(max = 32) String> channels,
            @Nullable @Size(max = 1000) Set<@NotBlank @Storable @Size(max = 64) String> plans,
            @Nullable @Size(max = 1000) Set<@NotNull UUID> tenants,
            @NotBlank @Storable @Size(max = 500) String remedy) {
        private Denial compiled() {
            return new Denial(id, orEmpty(agents), orEmpty(channels), orEmpty(plans), orEmpty(tenants), remedy);
        }

        private boolean isBlanket() {
            Denial all = compiled();
            return all.agents().isEmpty()
                    && all.channels().isEmpty()
                    && all.plans().isEmpty()
                    && all.tenants().isEmpty();
        }

        private static <T> Set<T> orEmpty(@Nullable Set<T> set) {
            return set == null ? Set.of() : set;
        }
    }

    /** Changes by staff of more credits than this need a second admin. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AdministrativeRule(
            @Nullable @Min(0) @Max(1_000_000_000_000L) Long fourEyesAbove) {}

    /** As the engine takes it, at that version; a 422 problem says what makes no sense together. */
    public Rules compiled(int version, RulesConfig otherwise) {
        List<DenialRule> denials = deny == null ? List.of() : deny;
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < denials.size(); i++) {
            if (!ids.add(denials.get(i).id())) {
                throw wrong("/deny/" + i + "/id", "is used twice");
            }
            if (denials.get(i).isBlanket()) {
                throw wrong("/deny/" + i, "must name agents, channels, plans or tenants: it would deny everything");
            }
        }
        return new Rules(
                version,
                sizing(otherwise),
                denials.stream().map(DenialRule::compiled).toList());
    }

    private Sizing sizing(RulesConfig otherwise) {
        SizingRule said = sizing == null ? new SizingRule(null, null, null, null) : sizing;
        Sizing compiled = new Sizing(
                or(said.maxInputTokens(), otherwise.maxInputTokens()),
                or(said.systemPromptTokens(), otherwise.systemPromptTokens()),
                or(said.defaultOutputTokens(), otherwise.defaultOutputTokens()),
                or(said.minOutputTokens(), otherwise.minOutputTokens()));
        if (compiled.systemPromptTokens() > compiled.maxInputTokens()) {
            throw wrong("/sizing/system_prompt_tokens", "must be at most max_input_tokens");
        }
        if (compiled.minOutputTokens() > compiled.defaultOutputTokens()) {
            throw wrong("/sizing/min_output_tokens", "must be at most default_output_tokens");
        }
        return compiled;
    }

    /** How many credits one admin may change alone, if these rules say so. */
    public @Nullable Long fourEyesAbove() {
        return administrative == null ? null : administrative.fourEyesAbove();
    }

    private static int or(@Nullable Integer said, int otherwise) {
        return said == null ? otherwise : said;
    }

    private static Problem wrong(String pointer, String detail) {
        return new Problem(CommonProblem.VALIDATION_FAILED).with("errors", ProblemCompletion.error(pointer, detail));
    }
}
