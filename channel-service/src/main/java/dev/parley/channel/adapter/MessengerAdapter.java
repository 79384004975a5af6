package dev.parley.channel.adapter;

import java.util.List;
import java.util.Map;

/**
 * A messenger: its webhooks come in, its API is called to send.
 *
 * <p>A further messenger is one package with one implementation of this interface; nothing else changes.
 */
public interface MessengerAdapter extends ChannelAdapter {
    /**
     * Checks the credentials' form and asks the vendor whose they are; changes nothing there.
     *
     * @param credentials what the tenant typed; unknown members are refused
     * @return what to keep
     * @throws dev.parley.platform.problem.Problem when the form is wrong or the vendor refuses or cannot be reached
     */
    Connection identify(Map<String, String> credentials);

    /**
     * Tells the vendor where to deliver the account's messages from now on.
     *
     * @param webhookUrl the public address of the account's webhook
     * @throws dev.parley.platform.problem.Problem when the vendor refuses or cannot be reached
     */
    void register(Connection connection, String webhookUrl);

    /** Asks the vendor to deliver nothing more. Best effort: a failure is not told. */
    void disconnect(Map<String, String> credentials);

    /** Whether a webhook call was sent by the vendor for this account; compares in constant time. */
    boolean verify(InboundCall call, Map<String, String> credentials);

    /**
     * Reads what a verified call carries, in the common form.
     *
     * @throws IllegalArgumentException when the body is not what the vendor sends
     */
    List<InboundEvent> parse(InboundCall call);

    /** Turns a reply into the texts to send, in order, each within the channel's limits. */
    List<String> render(String reply);

    /** Sends one text. Never throws: what happened is in the outcome. */
    SendOutcome send(Map<String, String> credentials, String recipient, String text);
}
