package dev.parley.agent;

import dev.parley.testing.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void keepsTheBordersOfEveryService() {
        ArchitectureRules.check("dev.parley.agent");
    }
}
