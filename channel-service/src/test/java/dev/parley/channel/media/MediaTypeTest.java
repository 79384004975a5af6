package dev.parley.channel.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypeTest {
    @ParameterizedTest
    @CsvSource({
        "89504e470d0a1a0a0000000d, image/png",
        "ffd8ffe000104a464946, image/jpeg",
        "474946383961, image/gif",
        "524946460000000057454250, image/webp",
        "524946460000000057415645, audio/wav",
        "4f676753000200, audio/ogg",
        "4944330300, audio/mpeg",
        "fffb9044, audio/mpeg",
        "00000018667479704d344120, audio/mp4",
        "000000186674797069736f6d, video/mp4",
        "00000018667479706865696300000000, image/heic",
        "0000001c667479706d696631000000006d69663168656963, image/heic",
        "0000001c667479706d696631000000006d69663161766966, image/avif",
        "0000001c6674797061766966, image/avif",
        "1a45dfa3a34286, video/webm",
        "2321414d520a3c, audio/amr",
        "255044462d312e37, application/pdf",
        "504b030414000600, application/zip"
    })
    void bytesSayWhatTheyAre(String hex, String type) {
        assertThat(MediaType.of(HexFormat.of().parseHex(hex)).orElseThrow().written())
                .isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a list of things\n- one\n- two", "{\"json\": true}", "naïve ✓"})
    void whatPeopleCanReadIsText(String text) {
        assertThat(MediaType.of(text.getBytes(StandardCharsets.UTF_8))).contains(MediaType.TEXT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>", "  <svg xmlns='x'>", "<?xml version='1.0'?>", "a\0b", ""})
    void whatABrowserWouldRunAndWhatNobodyCanReadIsNothing(String text) {
        assertThat(MediaType.of(text.getBytes(StandardCharsets.UTF_8))).isEmpty();
    }

    @Test
    void aMarkAloneThatIsCutIsNothing() {
        assertThat(MediaType.of(new byte[] {(byte) 0x89, 'P'})).isEmpty();
        assertThat(MediaType.of(new byte[] {'R', 'I', 'F', 'F', 0, 0})).isEmpty();
    }
}
