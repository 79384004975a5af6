package dev.parley.gateway.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import jakarta.enterprise.context.ApplicationScoped;

/** What browsers are told about every answer. */
@ApplicationScoped
public class SecurityHeaders {
    private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence NO_REFERRER = HttpHeaders.createOptimized("no-referrer");
    private static final CharSequence API_POLICY =
            HttpHeaders.createOptimized("default-src 'none'; frame-ancestors 'none'");
    // Styles only may be inline: the component library and the API reader set them at run time. Scripts never.
    private static final CharSequence PAGE_POLICY = HttpHeaders.createOptimized("default-src 'self'; script-src 'self';"
            + " style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; font-src 'self' data:;"
            + " connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
    private static final CharSequence ONE_YEAR = HttpHeaders.createOptimized("max-age=31536000; includeSubDomains");

    private final boolean https;

    SecurityHeaders(PublicOrigin origin) {
        this.https = origin.https();
    }

    /** For data: nothing in it may run, load or be framed. */
    public void api(MultiMap headers) {
        headers.set(Names.CONTENT_SECURITY_POLICY, API_POLICY);
        common(headers);
    }

    /** For our own pages: the console and the API reader. */
    public void page(MultiMap headers) {
        headers.set(Names.CONTENT_SECURITY_POLICY, PAGE_POLICY);
        common(headers);
    }

    private void common(MultiMap headers) {
        headers.set(Names.X_CONTENT_TYPE_OPTIONS, NOSNIFF);
        headers.set(Names.REFERRER_POLICY, NO_REFERRER);
        if (https) {
            headers.set(Names.STRICT_TRANSPORT_SECURITY, ONE_YEAR);
        }
    }
}
