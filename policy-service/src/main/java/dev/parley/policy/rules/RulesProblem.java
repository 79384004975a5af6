package dev.parley.policy.rules;

import dev.parley.platform.problem.ProblemType;

/** What can be wrong with versions of rules. */
enum RulesProblem implements ProblemType {
    /** There is no such version. */
    POLICY_RULES_NOT_FOUND(404, "There is no such version of the rules");

    private final int status;
    private final String title;

    RulesProblem(int status, String title) {
        this.status = status;
        this.title = title;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}
