package dev.parley.policy.rules;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How large a model call is assumed to be before it is made, in tokens, where the rules in force do not say. */
@ConfigMapping(prefix = "policy.rules")
public interface RulesConfig {
    /** The most that a run may send to the model. */
    @WithDefault("8000")
    int maxInputTokens();

    /** Added to the caller's estimate of input for the agent's system prompt. */
    @WithDefault("1000")
    int systemPromptTokens();

    /** Reserved for the answer when the caller does not say how long it may be. */
    @WithDefault("1024")
    int defaultOutputTokens();

    /** The shortest answer that is worth a call. */
    @WithDefault("64")
    int minOutputTokens();
}
