package dev.parley.gateway.session;

/** What became of a request's credential. */
public sealed interface Admission {
    /** Auth-service knows the caller. */
    record Granted(CallerContext context) implements Admission {}

    /** Nothing was shown. */
    record Anonymous() implements Admission {}

    /** What was shown is not valid: 401. */
    record Rejected() implements Admission {}

    /** The caller is known and may not act for this tenant: 403. */
    record Refused(String code, String title, String detail) implements Admission {}

    /** The cookie came with a request that another site may have caused: 403. */
    record Forged() implements Admission {}

    /** X-Tenant-ID is not a UUID: 400. */
    record NoTenantId() implements Admission {}

    /** Auth-service cannot be asked: 503. */
    record Unavailable() implements Admission {}
}
