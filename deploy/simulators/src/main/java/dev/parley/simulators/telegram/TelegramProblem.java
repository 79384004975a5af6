package dev.parley.simulators.telegram;

/** A call the Bot API refuses. */
final class TelegramProblem extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;

    TelegramProblem(int status, String description) {
        super(description, null, false, false);
        this.status = status;
    }

    static TelegramProblem bad(String what) {
        return new TelegramProblem(400, "Bad Request: " + what);
    }

    int status() {
        return status;
    }
}
