package dev.parley.channel.adapter;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A messenger: its webhooks come in, its API is called to send.
 *
 * <p>A further messenger is one package with one implementation of this interface; nothing else changes.
 */
public interface MessengerAdapter extends ChannelAdapter {
    /** What an account of it is called when it is connected, and in the address of its webhook. */
    default String accountType() {
        return type();
    }

    /** What may follow an account's id in the address of a webhook; the empty text is the address itself. */
    default Set<String> webhookPaths() {
        return Set.of("");
    }

    /**
     * Checks the credentials' form and asks the vendor whose they are; changes nothing there.
     *
     * @param credentials what the tenant typed; unknown members are refused
     * @return what to keep
     * @throws dev.parley.platform.problem.Problem when the form is wrong or the vendor refuses or cannot be reached
     */
    Connection identify(Map<String, String> credentials);

    /**
     * Tells the vendor where to deliver the account's messages from now on; nothing where people do that themselves.
     *
     * @param webhookUrl the public address of the account's webhook
     * @throws dev.parley.platform.problem.Problem when the vendor refuses or cannot be reached
     */
    void register(Connection connection, String webhookUrl);

    /** Asks the vendor to deliver nothing more. Best effort: a failure is not told. */
    void disconnect(Map<String, String> credentials);

    /**
     * Looks whether everything is as it has to be for messages to go both ways; changes nothing.
     *
     * @return what was looked at, the first things first; what cannot be known is left out
     */
    List<Finding> inspect(Map<String, String> credentials, String webhookUrl);

    /** The answer to a call by which the vendor finds out whether the address is ours; empty when it is no such call. */
    Optional<WebhookReply> handshake(InboundCall call, Map<String, String> credentials);

    /** Whether a webhook call was sent by the vendor for this account; compares in constant time. */
    boolean verify(InboundCall call, Map<String, String> credentials);

    /**
     * Reads what a verified call carries, in the common form. What is addressed to another account is
     * {@link InboundEvent.Other}: some vendors call one address for all accounts of a customer.
     *
     * @throws IllegalArgumentException when the body is not what the vendor sends
     */
    List<InboundEvent> parse(InboundCall call, Map<String, String> credentials);

    /** Whether the customer sees something wait until {@link #acknowledge}. */
    default boolean wantsAcknowledgement(InboundEvent event) {
        return false;
    }

    /** Ends what the customer sees wait, when everything in a call is stored. Best effort: a failure is not told. */
    default void acknowledge(Map<String, String> credentials, InboundCall call) {}

    /** What the vendor wants to read when everything in a call is stored. */
    WebhookReply accepted();

    /** Whether the vendor itself answers somebody who writes STOP or START, so that we must not do so a second time. */
    default boolean answersOptOut() {
        return false;
    }

    /** Turns a reply into the messages to send, in order, each within the channel's limits. */
    List<OutboundPart> render(OutboundReply reply);

    /** Sends one message. Never throws: what happened is in the outcome. */
    SendOutcome send(Map<String, String> credentials, Outgoing message);

    /**
     * Asks the vendor what became of a message whose sending ended without an answer. Never throws.
     *
     * @param since before the first attempt
     * @return Sent; Refused when it ended; Later when the vendor certainly never took it; empty when it does not say
     */
    Optional<SendOutcome> lookUp(Map<String, String> credentials, Outgoing message, Instant since);

    /**
     * Gets what a customer sent.
     *
     * @param most the most bytes to take
     * @throws MediaUnavailable when it cannot be had
     */
    MediaContent fetch(Map<String, String> credentials, MediaReference media, long most);
}
