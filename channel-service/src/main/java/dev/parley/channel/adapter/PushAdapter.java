package dev.parley.channel.adapter;

import java.util.Map;
import java.util.UUID;

/**
 * What shows a notice on a customer's device when nobody reads the conversation. Nothing comes in by it.
 *
 * <p>A further vendor is one package with one implementation of this interface; nothing else changes.
 */
public interface PushAdapter extends AccountAdapter {
    /**
     * Has a device notified. Never throws: what happened is in the outcome.
     *
     * @param account which account the credentials are of, to keep what was made of them
     */
    PushOutcome notify(UUID account, Map<String, String> credentials, PushNotice notice);

    /** Whether the account lets devices show what was said; where not, they only show that something was. */
    boolean previews(Map<String, String> credentials);
}
