package dev.parley.channel.outbound;

/** Sees a reply while it is being written. */
@FunctionalInterface
public interface Deltas {
    /** Nobody looks: the reply is wanted whole. */
    Deltas NONE = text -> {};

    /** The next piece of text; never blocks for long and never throws. */
    void accept(String text);
}
