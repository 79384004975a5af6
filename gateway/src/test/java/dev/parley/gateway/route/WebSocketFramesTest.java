package dev.parley.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketFramesTest {
    private final WebSocketFrames frames = new WebSocketFrames();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536})
    void aFrameIsCompleteWithItsLastByteOnly(int payload) {
        Buffer frame = frame(payload);

        for (int i = 0; i < frame.length(); i++) {
            frames.pass(frame.getBuffer(i, i + 1));
            assertThat(frames.complete()).as("byte %d", i).isEqualTo(i == frame.length() - 1);
        }
    }

    @Test
    void severalFramesMayComeAtOnceAndTheLastInParts() {
        Buffer three = frame(5).appendBuffer(frame(0)).appendBuffer(frame(300));

        frames.pass(three.getBuffer(0, three.length() - 1));
        assertThat(frames.complete()).isFalse();
        frames.pass(three.getBuffer(three.length() - 1, three.length()));
        assertThat(frames.complete()).isTrue();
    }

    @Test
    void theMaskBelongsToTheHead() {
        frames.pass(Buffer.buffer(new byte[] {(byte) 0x81, (byte) 0x82, 1, 2, 3, 4, 'a'}));
        assertThat(frames.complete()).isFalse();
        frames.pass(Buffer.buffer("b"));
        assertThat(frames.complete()).isTrue();
    }

    @Test
    void closeSaysCodeAndReason() {
        assertThat(WebSocketFrames.close(1008, "no").getBytes()).containsExactly(0x88, 4, 0x03, 0xf0, 'n', 'o');
    }

    private static Buffer frame(int payload) {
        Buffer frame = Buffer.buffer().appendByte((byte) 0x82);
        if (payload < 126) {
            frame.appendByte((byte) payload);
        } else if (payload < 65_536) {
            frame.appendByte((byte) 126).appendUnsignedShort(payload);
        } else {
            frame.appendByte((byte) 127)
                    .appendBytes(ByteBuffer.allocate(8).putLong(payload).array());
        }
        return frame.appendBytes(new byte[payload]);
    }
}
