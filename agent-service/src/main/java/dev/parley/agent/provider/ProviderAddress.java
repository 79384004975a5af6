package dev.parley.agent.provider;

import dev.parley.platform.problem.Problem;
import java.net.URI;

/** Addresses of providers. */
final class ProviderAddress {
    private ProviderAddress() {}

    /** The address without a slash at its end; 422 when it is unusable. */
    static String checked(String url) {
        try {
            URI uri = URI.create(url.strip());
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (http
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawFragment() == null
                    && uri.getRawQuery() == null) {
                return uri.toString().replaceAll("/+$", "");
            }
        } catch (IllegalArgumentException malformed) {
            // said below
        }
        throw new Problem(ProviderProblem.PROVIDER_INVALID)
                .detail("base_url must be an http or https address without user, query or fragment.");
    }
}
