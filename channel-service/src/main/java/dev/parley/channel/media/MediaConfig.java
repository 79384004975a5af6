package dev.parley.channel.media;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What media are kept. */
@ConfigMapping(prefix = "channel.media")
public interface MediaConfig {
    /** The largest picture. */
    @WithDefault("8M")
    MemorySize image();

    /** The longest recording. */
    @WithDefault("16M")
    MemorySize audio();

    /** The longest video. */
    @WithDefault("16M")
    MemorySize video();

    /** The largest document. */
    @WithDefault("16M")
    MemorySize document();

    /** The longest text. */
    @WithDefault("1M")
    MemorySize text();

    /** The most of any of them. */
    @WithDefault("16M")
    MemorySize any();

    /** The most bytes that media have of this process's memory. */
    @WithDefault("48M")
    MemorySize memory();

    /** How long an answer waits for its pictures' share of that. */
    @WithDefault("10s")
    Duration memoryPatience();

    /** The most bytes that one tenant keeps. */
    @WithDefault("10G")
    MemorySize stock();

    /** How long one attempt to fetch something from a vendor may take before another is made. */
    @WithDefault("60s")
    Duration fetchLease();

    /** How long an answer waits for what came with its message. */
    @WithDefault("8s")
    Duration patience();

    /** How long an address is good by which a messenger fetches what is sent: longer than any send waits. */
    @WithDefault("7D")
    Duration link();

    /** The most characters of text documents that an agent reads with one message. */
    @WithDefault("24000")
    int read();

    /** The most bytes of pictures, recordings and documents that an agent is given with one message. */
    @WithDefault("4M")
    MemorySize shown();

    /** The most of them. */
    @WithDefault("10")
    int shownAtOnce();

    /** The most bytes of something of that type. */
    default long most(MediaType type) {
        return switch (type.kind()) {
            case IMAGE -> image().asLongValue();
            case AUDIO -> audio().asLongValue();
            case VIDEO -> video().asLongValue();
            case DOCUMENT -> document().asLongValue();
            case TEXT -> text().asLongValue();
        };
    }

    /** The most bytes of something that a vendor calls that. */
    default long most(String kind) {
        return switch (kind) {
            case "image", "sticker" -> image().asLongValue();
            case "audio", "voice" -> audio().asLongValue();
            case "video" -> video().asLongValue();
            case "document" -> document().asLongValue();
            default -> any().asLongValue();
        };
    }
}
