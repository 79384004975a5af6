package dev.parley.agent.provider;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** The provider {@code default}, which exists without setup. */
@ConfigMapping(prefix = "agent.llm")
public interface DefaultProviderConfig {
    /** Address of an OpenAI-compatible server with the API version; unset, {@code default} answers as {@code demo}. */
    Optional<String> baseUrl();

    /** Its key, if it wants one. */
    Optional<String> apiKey();

    /** Its model, where a prompt version names none. */
    @WithDefault("gpt-4o-mini")
    String model();

    /** The types of files, beside pictures, that its models read, such as application/pdf and audio/mpeg. */
    Optional<List<String>> reads();

    /** What is asked instead when it fails: {@code name} or {@code name/model}, in that order. */
    Optional<List<String>> fallbacks();
}
