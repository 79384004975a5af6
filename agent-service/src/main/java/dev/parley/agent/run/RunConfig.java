package dev.parley.agent.run;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Set;

/** How runs are claimed and how large they may be. */
@ConfigMapping(prefix = "agent.run")
public interface RunConfig {
    /** Tokens of input when policy sets no limit. */
    @WithDefault("100000")
    int maxInputTokens();

    /** How long a process counts as alive after its last sign; then its runs may be taken over. */
    @WithDefault("6S")
    Duration lease();

    /** After this time a run may be taken over even from a living process: longer than any provider call. */
    @WithDefault("120S")
    Duration abandonedAfter();

    /** How long a repeated request waits for the run of another process before it is told to come back. */
    @WithDefault("20S")
    Duration waitForOther();

    /** Pause between two looks at the run of another process. */
    @WithDefault("0.2S")
    Duration pollOther();

    /** How long an answer is kept for a tenant that wants answers kept and does not say how long. */
    @WithDefault("24H")
    Duration answersKept();

    /** How long what was asked for a reply is kept, so that it can be asked again. */
    @WithDefault("30D")
    Duration requestsKept();

    /**
     * Channels whose other side has shown a credential of the tenant, and which therefore is no bot that happened to answer
     * ours: nothing is held to be a loop there.
     */
    @WithDefault("web,mobile,api")
    Set<String> directChannels();

    /** Channels whose callers keep the conversation themselves: nobody of the tenant's staff could speak in it. */
    @WithDefault("api")
    Set<String> callerChannels();

    /** When the oldest messages of a conversation are put into a summary. */
    Memory memory();

    /** When the oldest messages of a conversation are put into a summary. */
    interface Memory {
        /** Whether they are at all. */
        @WithDefault("true")
        boolean enabled();

        /** Messages that were not put into one, from which on they are: before the channel stops telling the oldest. */
        @WithDefault("16")
        int fromMessages();

        /** Tokens of such messages, from which on they are, however few they are. */
        @WithDefault("3000")
        int fromTokens();

        /** Tokens of all messages below which nothing is looked up or summarised. */
        @WithDefault("800")
        int leastTokens();

        /** The newest messages, which are always told as they are. */
        @WithDefault("6")
        int keptMessages();

        /** The longest summary, in tokens. */
        @WithDefault("400")
        int longest();

        /** Summaries that are written at the same time; others wait for the next run of their conversation. */
        @WithDefault("8")
        int writtenAtOnce();
    }

    /** What one conversation of a messenger may take before it is held to be a loop. */
    Loop loop();

    /**
     * What one conversation of a messenger may take before it is held to be a loop, such as two bots that answer each
     * other: more than a person ever writes.
     */
    interface Loop {
        /** The time that is looked at, beside a whole day. */
        @WithDefault("10M")
        Duration window();

        /** Runs within that time. */
        @WithDefault("150")
        int maxRuns();

        /** Runs within that time whose question is the same text. */
        @WithDefault("20")
        int maxSame();

        /** Tokens of all runs within that time. */
        @WithDefault("2000000")
        long maxTokens();

        /** The same within a day, so that what is only just slow enough ends too. */
        Day day();
    }

    /** What one conversation of a messenger may take within a day. */
    interface Day {
        /** Runs. */
        @WithDefault("1500")
        int maxRuns();

        /** Runs whose question is the same text. */
        @WithDefault("60")
        int maxSame();

        /** Tokens of all runs. */
        @WithDefault("10000000")
        long maxTokens();
    }
}
