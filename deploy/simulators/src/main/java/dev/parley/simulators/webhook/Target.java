package dev.parley.simulators.webhook;

import java.util.Map;

/** Where one attempt goes, with its headers. */
public record Target(String url, Map<String, String> headers) {}
