package dev.parley.gateway.session;

/**
 * What a client showed to prove who it is; checked for its form only.
 *
 * @param kind how it was sent
 * @param value the secret itself
 */
record Credential(Kind kind, String value) {

    enum Kind {
        BEARER("bearer"),
        API_KEY("api-key"),
        SESSION("session");

        private final String wire;

        Kind(String wire) {
            this.wire = wire;
        }

        String wire() {
            return wire;
        }
    }

    @Override
    public String toString() {
        return "Credential[" + kind + "]";
    }
}
