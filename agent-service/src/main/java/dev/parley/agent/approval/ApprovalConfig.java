package dev.parley.agent.approval;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long approvals wait, and for how long agents hear of them. */
@ConfigMapping(prefix = "agent.tool-approval")
interface ApprovalConfig {
    /** How long a wish waits for a person. */
    @WithDefault("24H")
    Duration waits();

    /** How many wishes of one conversation wait; nobody is asked for more. */
    @WithDefault("10")
    int mostPending();

    /** How long what was approved may take; what has no end by then may or may not have been done. */
    @WithDefault("60S")
    Duration takes();

    /** How long the agent is told what was decided in the conversation. */
    @WithDefault("24H")
    Duration told();
}
