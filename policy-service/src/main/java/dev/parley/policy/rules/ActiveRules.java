package dev.parley.policy.rules;

import dev.parley.policy.engine.PolicyEngine;

/** The rules in force, as staff wrote them and as the engine decides by them. */
public record ActiveRules(RulesDocument document, PolicyEngine engine) {
    /** Their version; 0 before any was activated. */
    public int version() {
        return engine.rules().version();
    }
}
