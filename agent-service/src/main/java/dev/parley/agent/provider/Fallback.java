package dev.parley.agent.provider;

/**
 * What is asked when a provider fails, as an admin writes it: {@code name}, or {@code name/model}.
 *
 * @param model null for the provider's default
 */
record Fallback(String provider, String model) {
    static final String FORM = "[a-z][a-z0-9-]{0,62}(/[^\\x00-\\x1f]{1,200})?";

    static Fallback of(String written) {
        int slash = written.indexOf('/');
        return slash < 0
                ? new Fallback(written, null)
                : new Fallback(written.substring(0, slash), written.substring(slash + 1));
    }
}
