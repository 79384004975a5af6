package dev.parley.policy.hold;

import java.util.Map;

/**
 * What a release found.
 *
 * @param charged what the operation had been charged for before, by meter; empty when it was not
 */
record ReleaseResponse(Map<String, Long> charged) {
    static final ReleaseResponse NOTHING = new ReleaseResponse(Map.of());
}
