package dev.parley.policy.simulation;

import dev.parley.platform.problem.ProblemType;

/** What can keep a simulation from running. */
enum SimulationProblem implements ProblemType {
    /** One at a time: it reads the log of all tenants. */
    SIMULATION_RUNNING(409, "Another simulation is running"),
    /** More was decided in that time than can be made again while somebody waits. */
    SIMULATION_TOO_LARGE(422, "Too much was decided in that time");

    private final int status;
    private final String title;

    SimulationProblem(int status, String title) {
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
