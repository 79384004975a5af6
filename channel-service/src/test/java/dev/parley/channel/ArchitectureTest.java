package dev.parley.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testing.ArchitectureRules;
import dev.parley.testing.PlatformTables;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void theBordersStand() {
        ArchitectureRules.check("dev.parley.channel");
    }

    @Test
    void thePlatformsTablesAreCopiedVerbatim() {
        assertThat(PlatformTables.copiesThatDiffer()).isEmpty();
    }
}
