package dev.parley.agent.run;

import dev.parley.agent.provider.LlmFormat;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmReply;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.agent.provider.LlmTools;
import java.util.List;

/**
 * Counts tokens without a tokenizer, a little too high rather than too low: about four letters a token, one token for
 * each character beyond ASCII, and a few for each message's frame.
 */
final class TokenEstimate {
    /** Letters that make one token. */
    static final int LETTERS_PER_TOKEN = 4;

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
        return (ascii + LETTERS_PER_TOKEN - 1) / LETTERS_PER_TOKEN + others;
    }

    static int of(LlmMessage message) {
        int tokens = PER_MESSAGE;
        for (LlmMessage.Part part : message.parts()) {
            tokens += of(part);
        }
        return tokens;
    }

    static int of(LlmMessage.Part part) {
        return switch (part) {
            case LlmMessage.Text(String text) -> of(text);
            case LlmMessage.Image image -> PER_IMAGE;
            case LlmMessage.File file ->
                FileTokens.of(file.mediaType(), file.data().length());
            case LlmMessage.ToolCall call -> PER_MESSAGE + of(call.name()) + of(call.arguments());
            case LlmMessage.ToolResult result -> of(result.text());
        };
    }

    static int of(LlmTools tools) {
        int tokens = 0;
        for (LlmTools.Tool tool : tools.offered()) {
            tokens += PER_MESSAGE
                    + of(tool.name())
                    + (tool.description() == null ? 0 : of(tool.description()))
                    + (tool.parameters() == null ? 0 : of(tool.parameters().toString()));
        }
        return tokens;
    }

    /** All of a request's input. */
    static int of(LlmRequest request) {
        return of(request.messages()) + of(request.tools()) + of(request.format());
    }

    /** The form of a reply, which goes along with what is asked. */
    static int of(LlmFormat format) {
        return format == null || format.schema() == null
                ? 0
                : of(format.schema().toString());
    }

    static int of(LlmReply reply) {
        int tokens = of(reply.text());
        for (LlmMessage.ToolCall call : reply.toolCalls()) {
            tokens += PER_MESSAGE + of(call.name()) + of(call.arguments());
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
