package dev.parley.agent.tool;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What the functions of one run may take. */
@ConfigMapping(prefix = "agent.tool")
public interface ToolConfig {
    /** How often the model may be asked again after functions were carried out. */
    @WithDefault("8")
    int maxSteps();

    /** Functions that are carried out in one step; the model is told that the others were not. */
    @WithDefault("8")
    int maxCallsPerStep();

    /** Time for everything: the model and the functions. */
    @WithDefault("60S")
    Duration maxTime();

    /** Tokens of all steps together, beyond which no further step is made, where the caller's own limits allow more. */
    @WithDefault("200000")
    int maxTokens();

    /** Characters of one result that the model gets to see. */
    @WithDefault("20000")
    int maxResultCharacters();
}
