package dev.parley.agent.provider.wire;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long a provider may take, and how often it is asked again. */
@ConfigMapping(prefix = "agent.provider")
public interface ProviderCallConfig {
    /** Time to open a connection. */
    @WithDefault("2S")
    Duration connectTimeout();

    /** Time from the request to the first byte of a stream, per attempt. */
    @WithDefault("20S")
    Duration firstByteTimeout();

    /** Time from the request to the first byte of an answer that comes whole: it is written before it is sent. */
    @WithDefault("60S")
    Duration wholeAnswerTimeout();

    /** Time for everything: all attempts, their pauses and the whole answer. */
    @WithDefault("90S")
    Duration totalTimeout();

    /** The longest pause before another try while another provider could be asked instead. */
    @WithDefault("0.3S")
    Duration patienceBeforeFallback();

    /** Open connections per provider address; an open stream keeps one. */
    @WithDefault("2048")
    int maxConnections();

    /** Bytes of one answer, beyond which it is refused. */
    @WithDefault("4194304")
    int maxReplyBytes();

    /** Asking again, only while no byte of an answer has come. */
    Retry retry();

    /** Asking again, only while no byte of an answer has come. */
    interface Retry {
        /** Further attempts after the first. */
        @WithDefault("2")
        int maxAttempts();

        /** Pause before the first retry; each further one doubles. */
        @WithDefault("0.5S")
        Duration minBackoff();

        /** The longest pause, unless the provider's retry-after asks for more. */
        @WithDefault("8S")
        Duration maxBackoff();

        /** Part of the pause that is random, both ways: 0.2 is ± 20 %. */
        @WithDefault("0.2")
        double jitter();

        /** Retries as a share of calls: beyond it a failure is final at once, so that a storm is not doubled. */
        @WithDefault("0.1")
        double budget();

        /** Retries always allowed before the share counts; one comes back every ten seconds. */
        @WithDefault("3")
        int budgetReserve();
    }
}
