package dev.parley.channel.completion;

import dev.parley.platform.problem.ProblemType;

/** Problems of the OpenAI-compatible face. */
public enum CompletionProblem implements ProblemType {
    /** There is no agent whose slug is that model's name. */
    MODEL_NOT_FOUND(404, "There is no such model"),
    /** A member of the request has a value that makes no sense. */
    COMPLETION_NOT_VALID(400, "The completion request is not valid"),
    /** A member of the request asks for what agents do not do. */
    UNSUPPORTED_PARAMETER(400, "This parameter is not supported");

    private final int status;
    private final String title;

    CompletionProblem(int status, String title) {
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
