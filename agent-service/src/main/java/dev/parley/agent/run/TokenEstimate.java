package dev.parley.agent.run;

import dev.parley.agent.provider.LlmMessage;
import java.util.List;

/**
 * Counts tokens without a tokenizer, a little too high rather than too low: about four letters a token, one token for
 * each character beyond ASCII, and a few for each message's frame.
 */
final class TokenEstimate {
    private static final int PER_MESSAGE = 4;
    private static final int PER_IMAGE = 1000;

    private TokenEstimate() {}

    static int of(String text) {
        int ascii = 0;
        int others = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 128) {
                ascii++;
            } else if (!Character.isLowSurrogate(c)) {
                others++;
            }
        }
        return (ascii + 3) / 4 + others;
    }

    static int of(LlmMessage message) {
        int tokens = PER_MESSAGE;
        for (LlmMessage.Part part : message.parts()) {
            tokens += switch (part) {
                case LlmMessage.Text(String text) -> of(text);
                case LlmMessage.Image image -> PER_IMAGE;
            };
        }
        return tokens;
    }

    static int of(List<LlmMessage> messages) {
        int tokens = 0;
        for (LlmMessage message : messages) {
            tokens += of(message);
        }
        return tokens;
    }
}
