package dev.parley.policy.decision;

import dev.parley.platform.problem.ProblemType;

/** Problems of decisions; a denial is none. */
enum DecisionProblem implements ProblemType {
    /** The caller knows of later terms than this service. */
    POLICY_VERSION_NOT_REACHED(503, "This version of the policy is not known yet");

    private final int status;
    private final String title;

    DecisionProblem(int status, String title) {
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
