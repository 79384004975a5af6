package dev.parley.channel.inbound;

import dev.parley.channel.adapter.InboundMessage;
import dev.parley.channel.contact.PhoneNumbers;
import java.util.Comparator;
import java.util.UUID;

/**
 * Where a message stands among those that are committed with it. Each locks its writer and its thread until the commit:
 * two calls that lock the same come in the same order everywhere, and are of one lane.
 *
 * @param person what is known of the writer in every account: the number, else the thread that is the writer's alone
 */
record Place(String person, UUID account, String thread) implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
            Comparator.comparing(Place::person).thenComparing(Place::account).thenComparing(Place::thread);

    /** That of a message whose thread is its sender's alone. */
    static Place of(UUID account, InboundMessage message, String region) {
        String person = PhoneNumbers.e164(message.sender().phone(), region).orElseGet(message::thread);
        return new Place(person, account, message.thread());
    }

    /** Whether both lock a row that can be written once only in a statement. */
    boolean clashesWith(Place other) {
        return person.equals(other.person) || account.equals(other.account) && thread.equals(other.thread);
    }

    int lane(int lanes) {
        return Math.floorMod(person.hashCode(), lanes);
    }

    @Override
    public int compareTo(Place other) {
        return ORDER.compare(this, other);
    }
}
