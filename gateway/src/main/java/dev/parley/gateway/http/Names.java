package dev.parley.gateway.http;

import io.vertx.core.http.HttpHeaders;

/** Header names and constant values, encoded once. */
public final class Names {
    public static final CharSequence ACCESS_CONTROL_ALLOW_HEADERS =
            HttpHeaders.createOptimized("access-control-allow-headers");
    public static final CharSequence ACCESS_CONTROL_ALLOW_METHODS =
            HttpHeaders.createOptimized("access-control-allow-methods");
    public static final CharSequence ACCESS_CONTROL_ALLOW_ORIGIN =
            HttpHeaders.createOptimized("access-control-allow-origin");
    public static final CharSequence ACCESS_CONTROL_EXPOSE_HEADERS =
            HttpHeaders.createOptimized("access-control-expose-headers");
    public static final CharSequence ACCESS_CONTROL_MAX_AGE = HttpHeaders.createOptimized("access-control-max-age");
    public static final CharSequence ACCESS_CONTROL_REQUEST_HEADERS =
            HttpHeaders.createOptimized("access-control-request-headers");
    public static final CharSequence ACCESS_CONTROL_REQUEST_METHOD =
            HttpHeaders.createOptimized("access-control-request-method");
    public static final CharSequence AUTHORIZATION = HttpHeaders.createOptimized("authorization");
    public static final CharSequence CACHE_CONTROL = HttpHeaders.createOptimized("cache-control");
    public static final CharSequence CONNECTION = HttpHeaders.createOptimized("connection");
    public static final CharSequence CONTENT_ENCODING = HttpHeaders.createOptimized("content-encoding");
    public static final CharSequence CONTENT_LENGTH = HttpHeaders.createOptimized("content-length");
    public static final CharSequence CONTENT_SECURITY_POLICY = HttpHeaders.createOptimized("content-security-policy");
    public static final CharSequence CONTENT_TYPE = HttpHeaders.createOptimized("content-type");
    public static final CharSequence COOKIE = HttpHeaders.createOptimized("cookie");
    public static final CharSequence EXPECT = HttpHeaders.createOptimized("expect");
    public static final CharSequence IDEMPOTENCY_KEY = HttpHeaders.createOptimized("idempotency-key");
    public static final CharSequence LOCATION = HttpHeaders.createOptimized("location");
    public static final CharSequence ORIGIN = HttpHeaders.createOptimized("origin");
    public static final CharSequence RATE_LIMIT = HttpHeaders.createOptimized("ratelimit");
    public static final CharSequence RATE_LIMIT_POLICY = HttpHeaders.createOptimized("ratelimit-policy");
    public static final CharSequence REFERRER_POLICY = HttpHeaders.createOptimized("referrer-policy");
    public static final CharSequence RETRY_AFTER = HttpHeaders.createOptimized("retry-after");
    public static final CharSequence SEC_FETCH_SITE = HttpHeaders.createOptimized("sec-fetch-site");
    public static final CharSequence STRICT_TRANSPORT_SECURITY =
            HttpHeaders.createOptimized("strict-transport-security");
    public static final CharSequence TRACEPARENT = HttpHeaders.createOptimized("traceparent");
    public static final CharSequence TRANSFER_ENCODING = HttpHeaders.createOptimized("transfer-encoding");
    public static final CharSequence UPGRADE = HttpHeaders.createOptimized("upgrade");
    public static final CharSequence VARY = HttpHeaders.createOptimized("vary");
    public static final CharSequence WWW_AUTHENTICATE = HttpHeaders.createOptimized("www-authenticate");
    public static final CharSequence X_API_KEY = HttpHeaders.createOptimized("x-api-key");
    public static final CharSequence X_CONTENT_TYPE_OPTIONS = HttpHeaders.createOptimized("x-content-type-options");
    public static final CharSequence X_FORWARDED_FOR = HttpHeaders.createOptimized("x-forwarded-for");
    public static final CharSequence X_OPERATION_ID = HttpHeaders.createOptimized("x-operation-id");
    public static final CharSequence X_PARLEY_CSRF = HttpHeaders.createOptimized("x-parley-csrf");
    public static final CharSequence X_REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
    public static final CharSequence X_TENANT_ID = HttpHeaders.createOptimized("x-tenant-id");

    /** What scripts of allowed origins may read beside the safelisted headers. */
    static final CharSequence EXPOSED = HttpHeaders.createOptimized(
            "x-operation-id, x-request-id, ratelimit, ratelimit-policy, retry-after, location");

    private Names() {}
}
