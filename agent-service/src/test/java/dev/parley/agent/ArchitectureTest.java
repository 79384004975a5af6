package dev.parley.agent;

import dev.parley.testing.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void keepsTheBordersOfEveryService() {
        ArchitectureRules.check("dev.parley.agent");
    }

    @Test
    void theFirstMigrationIsPlatformsFileWordForWord() {
        org.assertj.core.api.Assertions.assertThat(dev.parley.testing.PlatformTables.copyOfService())
                .isEqualTo(dev.parley.testing.PlatformTables.sql());
    }
}
