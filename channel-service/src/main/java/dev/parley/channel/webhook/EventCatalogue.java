package dev.parley.channel.webhook;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The types of events that endpoints can ask for; docs/guides/webhooks.md describes them. */
public final class EventCatalogue {
    /** Every type, also those that come later. */
    public static final String ALL = "*";

    /** What the test button sends; it needs no asking for. */
    public static final String TEST = "webhook.test";

    /** A message of an end customer came in from a messenger. */
    public static final String MESSAGE_RECEIVED = "message.received";
    /** A reply went out. */
    public static final String MESSAGE_SENT = "message.sent";
    /** A message got no reply, or a reply could not be delivered. */
    public static final String MESSAGE_FAILED = "message.failed";
    /** A reply arrived at the end customer's device. */
    public static final String MESSAGE_DELIVERED = "message.delivered";
    /** An end customer read a reply. */
    public static final String MESSAGE_READ = "message.read";
    /** A person took a conversation over. */
    public static final String CONVERSATION_TAKEN_OVER = "conversation.taken_over";
    /** An agent asked for a person, and the conversation waits for one. */
    public static final String CONVERSATION_HANDOFF_REQUESTED = "conversation.handoff_requested";
    /** The bot has a conversation again. */
    public static final String CONVERSATION_HANDED_BACK = "conversation.handed_back";
    /** A reply of an agent waits for a person. */
    public static final String DRAFT_CREATED = "draft.created";
    /** A reply that waited does so no more. */
    public static final String DRAFT_DECIDED = "draft.decided";
    /** An agent's replies on a messenger go out by themselves from now on, or do so no more. */
    public static final String AUTOPILOT_CHANGED = "autopilot.changed";
    /** A conversation goes round in circles, and its agent has stopped. */
    public static final String CONVERSATION_LOOPING = "conversation.looping";
    /** A prompt version broke a limit, and another answers instead. */
    public static final String PROMPT_GUARD_BROKEN = "prompt.guard_broken";
    /** An agent wants to call a function, and a person has to approve it. */
    public static final String APPROVAL_REQUESTED = "approval.requested";
    /** A person rejected what an agent wanted to do, or approved it and it was carried out. */
    public static final String APPROVAL_DECIDED = "approval.decided";
    /** A contact wants to be sent nothing more. */
    public static final String CONTACT_OPTED_OUT = "contact.opted_out";
    /** A contact that had opted out wants to be written to again. */
    public static final String CONTACT_OPTED_IN = "contact.opted_in";
    /** Plan, status or period of the subscription changed. */
    public static final String SUBSCRIPTION_CHANGED = "subscription.changed";
    /** 80 percent of the credits are used. */
    public static final String CREDITS_THRESHOLD_REACHED = "credits.threshold_reached";
    /** All credits are used. */
    public static final String CREDITS_EXHAUSTED = "credits.exhausted";

    private static final Set<String> TYPES = Set.of(
            MESSAGE_RECEIVED,
            MESSAGE_SENT,
            MESSAGE_FAILED,
            MESSAGE_DELIVERED,
            MESSAGE_READ,
            CONVERSATION_TAKEN_OVER,
            CONVERSATION_HANDED_BACK,
            CONVERSATION_HANDOFF_REQUESTED,
            DRAFT_CREATED,
            DRAFT_DECIDED,
            AUTOPILOT_CHANGED,
            CONVERSATION_LOOPING,
            PROMPT_GUARD_BROKEN,
            APPROVAL_REQUESTED,
            APPROVAL_DECIDED,
            CONTACT_OPTED_OUT,
            CONTACT_OPTED_IN,
            SUBSCRIPTION_CHANGED,
            CREDITS_THRESHOLD_REACHED,
            CREDITS_EXHAUSTED);

    private EventCatalogue() {}

    /** All types, in alphabetical order. */
    public static Set<String> types() {
        return new TreeSet<>(TYPES);
    }

    /** Those that nobody offers. */
    static List<String> unknown(Collection<String> asked) {
        return asked.stream()
                .filter(type -> !type.equals(ALL) && !TYPES.contains(type))
                .toList();
    }
}
