package dev.parley.agent.approval;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long approvals wait and hold. */
@ConfigMapping(prefix = "agent.tool-approval")
interface ApprovalConfig {
    /** How long a wish waits for a person. */
    @WithDefault("24H")
    Duration waits();

    /** How long what was approved may be done. */
    @WithDefault("1H")
    Duration holds();
}
