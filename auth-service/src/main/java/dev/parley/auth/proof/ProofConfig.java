package dev.parley.auth.proof;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of the proofs of the audit trails. */
@ConfigMapping(prefix = "auth.proof")
public interface ProofConfig {
    /** How long a key signs heads before the next takes over; it verifies for good. */
    @WithDefault("365D")
    Duration keyLifetime();

    /** How often the keys are read again, so that all replicas agree. */
    @WithDefault("5M")
    Duration keyRefresh();

    /** How many trails one round of signing takes. */
    @WithDefault("500")
    int batch();
}
