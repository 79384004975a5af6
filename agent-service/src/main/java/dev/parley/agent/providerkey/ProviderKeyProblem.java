package dev.parley.agent.providerkey;

import dev.parley.platform.problem.ProblemType;

/** What can go wrong with a tenant's own keys. */
public enum ProviderKeyProblem implements ProblemType {
    /** There is no provider of that name that takes a key. */
    PROVIDER_NOT_FOUND(422, "There is no such provider"),
    /** The provider has no default model. */
    MODEL_NEEDED(422, "Name a model of the provider");

    private final int status;
    private final String title;

    ProviderKeyProblem(int status, String title) {
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
