package dev.parley.simulators.webhook;

import io.vertx.core.json.JsonObject;
import java.util.Set;

/** How deliveries of one vendor's webhooks misbehave, until cleared or until its {@code times} are used up. */
public final class WebhookFault {

    private static final Set<String> MEMBERS = Set.of("duplicate", "reorder", "drop", "delay_ms", "times");

    private final JsonObject source;
    private final int duplicates;
    private final boolean reorder;
    private final long delayMillis;
    private int drops;
    private int left;

    /**
     * Reads a fault as the control plane takes it.
     *
     * @throws IllegalArgumentException naming what is wrong with it
     */
    public WebhookFault(JsonObject source) {
        for (String member : source.fieldNames()) {
            if (!MEMBERS.contains(member)) {
                throw new IllegalArgumentException("unknown member " + member + ", known are " + MEMBERS);
            }
        }
        this.source = source;
        try {
            duplicates = source.getInteger("duplicate", 0);
            reorder = source.getBoolean("reorder", false);
            drops = source.getInteger("drop", 0);
            delayMillis = source.getLong("delay_ms", 0L);
            left = source.getInteger("times", Integer.MAX_VALUE);
        } catch (ClassCastException wrongType) {
            throw new IllegalArgumentException("a member has the wrong type: " + wrongType.getMessage(), wrongType);
        }
        if (duplicates < 0 || drops < 0 || delayMillis < 0 || left < 1) {
            throw new IllegalArgumentException("numbers must not be negative, and times at least 1");
        }
    }

    /** Counts one delivery as affected; false when the fault is used up. */
    boolean take() {
        if (left == 0) {
            return false;
        }
        if (left != Integer.MAX_VALUE) {
            left--;
        }
        return true;
    }

    boolean drops() {
        if (drops == 0) {
            return false;
        }
        drops--;
        return true;
    }

    int duplicates() {
        return duplicates;
    }

    boolean reorders() {
        return reorder;
    }

    long delayMillis() {
        return delayMillis;
    }

    JsonObject toJson() {
        JsonObject json = source.copy();
        if (source.containsKey("drop")) {
            json.put("drop", drops);
        }
        return left == Integer.MAX_VALUE ? json : json.put("times", left);
    }
}
