package dev.parley.channel.turn;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How messages are answered. */
@ConfigMapping(prefix = "channel.answer")
public interface AnswerConfig {
    /** The most earlier messages of a conversation that go to the agent. */
    @WithDefault("20")
    int historyMessages();

    /** The most tokens of earlier messages that go to the agent, counted as a third of their characters. */
    @WithDefault("8000")
    int historyTokens();

    /** How long a client that repeats a message waits for the first answer before it is told 409. */
    @WithDefault("10s")
    Duration repeatPatience();

    /**
     * How long a message waits for the answer to another one of its conversation before its client is told 409. Nothing of
     * it is stored until its turn comes.
     */
    @WithDefault("20s")
    Duration turnPatience();

    /** How often the first that waits looks whether the turn ended at another replica; of its own it is told. */
    @WithDefault("250ms")
    Duration turnLookAgain();

    /** When an operation without an end is taken up again by the sweeper; longer than any run lives. */
    @WithDefault("110s")
    Duration abandonedAfter();

    /** How long a messenger's message is tried again while a service or the model is away. Holds live a little longer. */
    @WithDefault("150s")
    Duration retryWindow();

    /** The pause before a message that the model could not answer is tried again; it doubles. */
    @WithDefault("2s")
    Duration retryPause();
}
