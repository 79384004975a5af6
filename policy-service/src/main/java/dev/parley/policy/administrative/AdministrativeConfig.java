package dev.parley.policy.administrative;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How far one member of staff may go. */
@ConfigMapping(prefix = "policy.administrative")
interface AdministrativeConfig {
    /** Changes of more credits than this need a second admin, unless the rules in force say otherwise. */
    @WithDefault("100000")
    long fourEyesAbove();

    /** Changes of more credits than this are denied. */
    @WithDefault("1000000000")
    long most();
}
