package dev.parley.agent.prompt.experiment;

import dev.parley.platform.problem.ProblemType;

/** What can go wrong with experiments. */
public enum ExperimentProblem implements ProblemType {
    /** The agent has no experiment of this id. */
    EXPERIMENT_NOT_FOUND(404, "There is no such experiment"),
    /** The experiment has ended. */
    EXPERIMENT_ENDED(409, "The experiment has ended"),
    /** The arms or guards are not usable. */
    EXPERIMENT_INVALID(422, "The experiment cannot be run");

    private final int status;
    private final String title;

    ExperimentProblem(int status, String title) {
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
