package dev.parley.gateway.http;

import java.util.Locale;

/** Every refusal that the gateway itself can answer with. */
public enum GatewayProblem {
    INVALID_REQUEST(400, "Invalid request", "The request cannot be understood."),
    INVALID_TENANT_ID(400, "Invalid tenant id", "X-Tenant-ID must be a UUID."),
    UNAUTHENTICATED(401, "Unauthenticated", "Valid credentials are required."),
    FORBIDDEN(403, "Forbidden", "The caller may not do this."),
    CSRF_REJECTED(
            403,
            "Cross-site request rejected",
            "A request with the session cookie that changes something must come from the same origin and carry"
                    + " X-Parley-CSRF: 1."),
    ORIGIN_REJECTED(403, "Origin rejected", "This origin may not open a stream."),
    NOT_FOUND(404, "Not found", "There is nothing at this address."),
    METHOD_NOT_ALLOWED(405, "Method not allowed", "This method is not supported."),
    REQUEST_TIMEOUT(408, "Request timeout", "The body did not arrive in time."),
    PAYLOAD_TOO_LARGE(413, "Payload too large", "The body is larger than allowed."),
    URI_TOO_LONG(414, "URI too long", "The address is longer than allowed."),
    UNSUPPORTED_MEDIA_TYPE(415, "Unsupported media type", "The body must be application/json in UTF-8."),
    RATE_LIMITED(429, "Too many requests", "The rate limit is exceeded; try again later."),
    HEADERS_TOO_LARGE(431, "Headers too large", "The header fields are larger than allowed."),
    UNAVAILABLE(503, "Temporarily unavailable", "A part of the system does not answer; try again.");

    private final int status;
    private final String title;
    private final String detail;
    private final String type;

    GatewayProblem(int status, String title, String detail) {
        this.status = status;
        this.title = title;
        this.detail = detail;
        this.type =
                "https://parley.dev/problems/" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** HTTP status of the answer. */
    public int status() {
        return status;
    }

    /** Short, constant summary for people. */
    public String title() {
        return title;
    }

    /** What it means, when the place that raises it has nothing better to say. */
    public String detail() {
        return detail;
    }

    /** URI that identifies the problem and documents it. */
    public String type() {
        return type;
    }
}
