package dev.parley.auth;

import dev.parley.testing.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void theServiceKeepsItsBorders() {
        ArchitectureRules.check("dev.parley.auth");
    }
}
