package dev.parley.e2e.wall;

/** The ways in which a stranger tries to reach tenant A. */
enum Attack {
    PLAIN("asks for everything that it may see or do itself"),
    PATH("puts A's ids into the path"),
    NOBODY("puts an id of nobody into the path: the answer must be that to A's ids, but for the id"),
    QUERY("puts A's ids, and A's cursors, into the query"),
    BODY_ID("puts A's ids into members of the body"),
    BODY_MEMBER("adds members that only we may set: tenant_id, role, credits, plan, created_at"),
    TENANT_HEADER("names A in X-Tenant-ID"),
    IDEMPOTENCY_KEY("repeats A's Idempotency-Keys"),
    IDENTITY_HEADERS("sets the headers that only the gateway may set, with A's ids"),
    OWN_CONTEXT("shows a tenant context for A that it signed itself");

    private final String what;

    Attack(String what) {
        this.what = what;
    }

    String what() {
        return what;
    }
}
