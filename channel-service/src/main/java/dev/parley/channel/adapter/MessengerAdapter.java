package dev.parley.channel.adapter;

import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A messenger: its webhooks come in, its API is called to send.
 *
 * <p>A further messenger is one package with one implementation of this interface; nothing else changes.
 */
public interface MessengerAdapter extends AccountAdapter {
    /** What is enough for the calls of messengers that keep files to themselves. */
    int LONGEST_CALL = 1 << 20;

    /** What may follow an account's id in the address of a webhook; the empty text is the address itself. */
    default Set<String> webhookPaths() {
        return Set.of("");
    }

    /** The most bytes that a webhook call of it has. */
    default int longestCall() {
        return LONGEST_CALL;
    }

    /**
     * The most conversations that one sender opens within an hour, on channels where each message says which thread it is
     * of; past it, they go into that sender's newest. Empty where nobody chooses.
     */
    default OptionalInt mostNewThreads() {
        return OptionalInt.empty();
    }

    /** How long {@link #send} may take at most, where that is long; zero where the vendor's time-outs are short. */
    default Duration longestSend() {
        return Duration.ZERO;
    }

    /** The answer to a call by which the vendor finds out whether the address is ours; empty when it is no such call. */
    Optional<WebhookReply> handshake(InboundCall call, Map<String, String> credentials);

    /** Whether a webhook call was sent by the vendor for this account; compares in constant time. */
    boolean verify(InboundCall call, Map<String, String> credentials);

    /**
     * Reads what a call carries, in the common form. What was signed for this account is taken, whatever it says of
     * whom it is for; only what says that it is for another account of the vendor is
     * {@link InboundEvent.Elsewhere}.
     *
     * @param credentials those that signed the call; the present ones when none did
     * @param verified whether they did: if not, everything in the call may be a lie
     * @throws IllegalArgumentException when the body is not what the vendor sends
     */
    List<InboundEvent> parse(InboundCall call, Map<String, String> credentials, boolean verified);

    /**
     * What customers wrote since then, where the vendor can be asked: for those whose vendors do not repeat a webhook
     * that failed. What was delivered too is known by its id. Best effort: what cannot be had is left out.
     *
     * @return the latest first or last, in any order
     * @throws dev.parley.platform.problem.Problem when the vendor refuses or cannot be reached
     */
    default List<InboundEvent> received(Map<String, String> credentials, Instant since) {
        return List.of();
    }

    /** Whether {@link #received} can be asked. */
    default boolean listsReceived() {
        return false;
    }

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

    /**
     * Whom people mean by that; empty when it names nobody there.
     *
     * @param to a number in E.164, an address or a chat's id
     */
    default Optional<Addressee> addressee(String to) {
        return Optional.empty();
    }

    /**
     * How fast the account may write to that recipient; who writes to how many at once is kept for all adapters alike.
     *
     * @param recipient in the vendor's terms
     */
    default Pacing pacing(Map<String, String> credentials, String recipient) {
        return Pacing.NONE;
    }

    /** Turns a reply into the messages to send, in order, each within the channel's limits; Markdown in its own form. */
    List<OutboundPart> render(OutboundReply reply);

    /** Sends one message. Never throws: what happened is in the outcome. */
    SendOutcome send(Map<String, String> credentials, Outgoing message);

    /**
     * Asks the vendor what became of a message whose sending ended without an answer. Never throws.
     *
     * @param attempted when the attempt began whose answer is missing
     * @param known whether a message of that id at the vendor is another one of ours
     * @return Sent; Refused when it ended; Later when the vendor certainly never took it; empty when it does not say
     */
    Optional<SendOutcome> lookUp(
            Map<String, String> credentials, Outgoing message, Instant attempted, Predicate<String> known);

    /** How long after an attempt {@link #lookUp} may still learn more; zero when the vendor cannot be asked. */
    default Duration listedAfter() {
        return Duration.ZERO;
    }

    /**
     * Begins to get what a customer sent; the bytes come from the vendor as they are read, and whoever reads them stops
     * at the most that it takes. Reading throws {@link MediaUnavailable} when they break off.
     *
     * @param most what is told to be larger is not begun
     * @return to be closed, read or not
     * @throws MediaUnavailable when it cannot be had
     */
    InputStream fetch(Map<String, String> credentials, MediaReference media, long most);
}
