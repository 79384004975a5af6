package dev.parley.channel.turn;

/** What whoever waits for an answer is told: the answer, or that a person will give it another time. */
public sealed interface Said permits Answer, Held {}
