package dev.parley.channel.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CapabilitiesTest {
    private static final Instant WROTE = Instant.parse("2026-11-20T10:00:00Z");
    private static final OutboundPart TEXT = new OutboundPart.Text("Hi");
    private static final OutboundPart TEMPLATE = new OutboundPart.Template("hello", "en", List.of());

    @Test
    void aWindowIsOpenForADayByTheVendorsClock() {
        Capabilities channel = withWindow(Duration.ofHours(24));

        assertThat(channel.takes(TEXT, WROTE, WROTE)).isTrue();
        assertThat(channel.takes(TEXT, WROTE, Instant.parse("2026-11-21T09:59:59Z")))
                .isTrue();
        assertThat(channel.takes(TEXT, WROTE, Instant.parse("2026-11-21T10:00:00Z")))
                .isFalse();
        assertThat(channel.takes(TEXT, WROTE, Instant.parse("2026-11-21T10:00:01Z")))
                .isFalse();
        assertThat(channel.takes(TEXT, null, WROTE)).isFalse();
    }

    @Test
    void aTemplateIsTakenAtAnyTime() {
        Capabilities channel = withWindow(Duration.ofHours(24));

        assertThat(channel.takes(TEMPLATE, WROTE, WROTE.plus(Duration.ofDays(90))))
                .isTrue();
        assertThat(channel.takes(TEMPLATE, null, WROTE)).isTrue();
    }

    @Test
    void aChannelWithoutAWindowTakesEverything() {
        assertThat(withWindow(null).takes(TEXT, null, WROTE)).isTrue();
    }

    private static Capabilities withWindow(Duration window) {
        return new Capabilities(false, false, 4096, window, true, true, ButtonRules.NONE, true);
    }
}
