package dev.parley.agent.configuration;

import dev.parley.platform.problem.ProblemType;

/** What can go wrong with what a tenant sets of an agent. */
public enum ConfigurationProblem implements ProblemType {
    /** It names a function or a time zone that there is not, or hours that mean nothing. */
    CONFIGURATION_INVALID(422, "The configuration cannot be used");

    private final int status;
    private final String title;

    ConfigurationProblem(int status, String title) {
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
