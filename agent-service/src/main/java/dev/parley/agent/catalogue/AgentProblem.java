package dev.parley.agent.catalogue;

import dev.parley.platform.problem.ProblemType;

/** What can go wrong with the catalogue of agents. */
public enum AgentProblem implements ProblemType {
    /** There is no such agent. */
    AGENT_NOT_FOUND(404, "There is no such agent"),
    /** Another agent has this slug. */
    AGENT_SLUG_TAKEN(409, "Another agent has this slug");

    private final int status;
    private final String title;

    AgentProblem(int status, String title) {
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
