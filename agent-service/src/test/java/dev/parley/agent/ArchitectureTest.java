package dev.parley.agent;

import dev.parley.testing.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void keepsTheBordersOfEveryService() {
        ArchitectureRules.check("dev.parley.agent");
    }

    @Test
    void thePlatformsTablesAreItsFilesWordForWord() {
        org.assertj.core.api.Assertions.assertThat(dev.parley.testing.PlatformTables.copiesThatDiffer())
                .isEmpty();
    }
}
