package dev.parley.simulators.llm;

/** A request the model server refuses. */
final class LlmProblem extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;
    private final String type;
    private final String code;
    private final String param;

    LlmProblem(int status, String type, String code, String param, String message) {
        super(message, null, false, false);
        this.status = status;
        this.type = type;
        this.code = code;
        this.param = param;
    }

    static LlmProblem invalid(String code, String param, String message) {
        return new LlmProblem(400, "invalid_request_error", code, param, message);
    }

    int status() {
        return status;
    }

    String type() {
        return type;
    }

    String code() {
        return code;
    }

    String param() {
        return param;
    }
}
