package dev.parley.agent.provider;

import dev.parley.platform.problem.ProblemType;

/** What can go wrong with the catalogue of providers. */
public enum ProviderProblem implements ProblemType {
    /** Another provider has this name. */
    PROVIDER_NAME_TAKEN(409, "Another provider has this name"),
    /** There is no adapter for this kind of provider, or its address is unusable. */
    PROVIDER_INVALID(422, "The provider cannot be used");

    private final int status;
    private final String title;

    ProviderProblem(int status, String title) {
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
