package dev.parley.channel.turn;

/** What became of a message that came in. */
public sealed interface Admission {
    /** It is stored and has to be answered. */
    record Open(Turn turn) implements Admission {}

    /** It was answered before; this is that answer. */
    record Answered(Answer answer) implements Admission {}

    /** It is stored, and a person answers it. */
    record ForStaff(Held held) implements Admission {}
}
