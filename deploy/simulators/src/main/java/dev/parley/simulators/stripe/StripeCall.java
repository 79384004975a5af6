package dev.parley.simulators.stripe;

import java.util.List;

/** One API request: its id, idempotency key or null, the ids in its path, and its parameters. */
record StripeCall(String requestId, String idempotencyKey, List<String> ids, Params params) {

    String id() {
        return ids.getFirst();
    }
}
