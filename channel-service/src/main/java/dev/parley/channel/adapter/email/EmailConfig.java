package dev.parley.channel.adapter.email;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Set;

/** How tenants' SMTP servers are spoken to. */
@ConfigMapping(prefix = "channel.email")
public interface EmailConfig {
    /** The most UTF-16 units in one mail; what is longer becomes several. */
    @WithDefault("50000")
    int longestText();

    /** The least time between two mails to the same person. */
    @WithDefault("1s")
    Duration pace();

    /** For a connection; when it passes, nothing was sent. */
    @WithDefault("5s")
    Duration connectTimeout();

    /** For each answer of the server until a mail is given to it. */
    @WithDefault("10s")
    Duration timeout();

    /** For each answer from then on: servers look at a mail before they take it. */
    @WithDefault("45s")
    Duration acceptance();

    /** For everything that is said to a server at once; then the connection ends. */
    @WithDefault("60s")
    Duration longestTalk();

    /** The most bytes that a server says in that time. */
    @WithDefault("1M")
    MemorySize longestAnswers();

    /** How long to wait when a server wants to be asked later. */
    @WithDefault("60s")
    Duration pause();

    /** Ports of SMTP servers; where a local installation may call this machine, any port there. */
    @WithDefault("25,465,587,2525")
    Set<Integer> ports();

    /** How many conversations one sender opens within an hour; further mails go into the newest. */
    @WithDefault("20")
    int mostNewThreads();

    /** The longest mail, with its files as they are written in it: a third more than they are. */
    @WithDefault("12M")
    MemorySize longestMail();
}
