package dev.parley.platform.problem;

/** Problems that any service can raise. */
public enum CommonProblem implements ProblemType {
    /** The request is not well formed. */
    BAD_REQUEST(400, "The request is not well formed"),
    /** Credentials are missing or not valid. */
    UNAUTHENTICATED(401, "Authentication is required"),
    /** The caller may not do this. */
    FORBIDDEN(403, "You may not do this"),
    /** The caller belongs to no tenant. */
    NO_TENANT(403, "You do not belong to an organisation"),
    /** There is no such thing, or it belongs to another tenant. */
    NOT_FOUND(404, "There is no such resource"),
    /** The resource exists but not with this method. */
    METHOD_NOT_ALLOWED(405, "This method is not allowed here"),
    /** The caller accepts no form of answer that exists. */
    NOT_ACCEPTABLE(406, "No acceptable representation"),
    /** Something else happened first. */
    CONFLICT(409, "The request conflicts with the current state"),
    /** The body is too large. */
    PAYLOAD_TOO_LARGE(413, "The body is too large"),
    /** The body is not of a type that is understood. */
    UNSUPPORTED_MEDIA_TYPE(415, "The content type is not supported"),
    /** Fields are missing or wrong; the member {@code errors} says which. */
    VALIDATION_FAILED(422, "The request is not valid"),
    /** The Idempotency-Key was used with another body. */
    IDEMPOTENCY_KEY_REUSED(422, "The Idempotency-Key was used with another body"),
    /** The first request with this Idempotency-Key still runs. */
    IDEMPOTENCY_KEY_IN_USE(409, "A request with this Idempotency-Key is still running"),
    /** A header must say why platform staff look at a tenant. */
    ACCESS_REASON_REQUIRED(400, "The header X-Access-Reason is required"),
    /** Too many requests. */
    RATE_LIMITED(429, "Too many requests"),
    /** Something went wrong on our side. */
    INTERNAL_ERROR(500, "Something went wrong on our side"),
    /** A part of Parley is not reachable; nothing was done. */
    UNAVAILABLE(503, "A part of the service is not reachable");

    private final int status;
    private final String title;

    CommonProblem(int status, String title) {
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

    /** The general problem for an HTTP status code. */
    public static CommonProblem ofStatus(int status) {
        return switch (status) {
            case 401 -> UNAUTHENTICATED;
            case 403 -> FORBIDDEN;
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 409 -> CONFLICT;
            case 413 -> PAYLOAD_TOO_LARGE;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            case 422 -> VALIDATION_FAILED;
            case 429 -> RATE_LIMITED;
            case 503 -> UNAVAILABLE;
            default -> status >= 500 ? INTERNAL_ERROR : BAD_REQUEST;
        };
    }

    /** The problem of a part that cannot be reached: 503, to be tried again after a second. */
    public static Problem unavailable(String part, Throwable cause) {
        return new Problem(UNAVAILABLE, cause)
                .detail(part + " is not reachable; nothing was done. Try again.")
                .header("Retry-After", "1");
    }
}
