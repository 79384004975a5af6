package dev.parley.billing.approval;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How approvals behave. */
@ConfigMapping(prefix = "billing.approval")
interface ApprovalConfig {
    /** How long a change may wait for its second admin. */
    @WithDefault("7D")
    Duration patience();
}
