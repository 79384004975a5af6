package dev.parley.agent.provider.anthropic;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What the Anthropic wire wants to be told beyond a request. */
@ConfigMapping(prefix = "agent.anthropic")
public interface AnthropicConfig {
    /** The wire's version, sent as {@code anthropic-version}. */
    @WithDefault("2023-06-01")
    String version();

    /** Tokens of output when nobody limits them: the wire demands a number. */
    @WithDefault("4096")
    int maxTokens();
}
