package dev.parley.simulators.webhook;

import java.util.Map;

/** Where one attempt goes, with its method and headers; a GET carries no body. */
public record Target(String method, String url, Map<String, String> headers) {

    /** A POST. */
    public Target(String url, Map<String, String> headers) {
        this("POST", url, headers);
    }
}
