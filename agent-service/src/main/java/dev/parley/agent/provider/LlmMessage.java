package dev.parley.agent.provider;

import java.util.List;
import java.util.Set;

/** One message of a conversation as a provider sees it. */
public record LlmMessage(Role role, List<Part> parts) {
    /** Who speaks. */
    public enum Role {
        SYSTEM,
        USER,
        ASSISTANT,
        /** The result of a function that the assistant called; the message is one {@link ToolResult}. */
        TOOL;

        /** The role's name on the wire, in lower case. */
        public String wireName() {
            return switch (this) {
                case SYSTEM -> "system";
                case USER -> "user";
                case ASSISTANT -> "assistant";
                case TOOL -> "tool";
            };
        }
    }

    /** A piece of a message. */
    public sealed interface Part {}

    /** Plain text. */
    public record Text(String text) implements Part {}

    /** A picture by its https address or as a {@code data:} URL. */
    public record Image(String url) implements Part {
        /** What stands for it where there is no room for it: the model is told, so that it can say so. */
        public Text tooLarge() {
            String type = url.startsWith("data:") && url.indexOf(';') > 0
                    ? " (" + url.substring("data:".length(), url.indexOf(';')) + ")"
                    : "";
            return new Text("[A picture was sent" + type + " that could not be read here, because what was sent is too"
                    + " large. You do not know what it shows; tell the sender so if it matters.]");
        }
    }

    /**
     * A recording or a document.
     *
     * @param mediaType what it is, such as {@code application/pdf} or {@code audio/ogg}
     * @param name what its sender calls it; may be empty
     * @param data its bytes in base64
     */
    public record File(String mediaType, String name, String data) implements Part {
        private static final int LONGEST_NAME = 100;

        /** What stands for it where it cannot be read: the model is told, so that it can say so. */
        public Text untold() {
            return mentioned("that you cannot open");
        }

        /** What stands for it where there is no room for it: the model is told, so that it can say so. */
        public Text tooLarge() {
            return mentioned("that could not be read here because it is too large");
        }

        private Text mentioned(String why) {
            String called = name.replaceAll("[\\p{Cntrl}\\[\\]\"]", " ").strip();
            String shown = called.length() > LONGEST_NAME ? called.substring(0, LONGEST_NAME) : called;
            return new Text("[A file was sent " + why
                    + (shown.isEmpty() ? "" : ", called \"" + shown + "\"")
                    + " (" + mediaType + "). You do not know what it says; tell the sender so if it matters.]");
        }
    }

    /**
     * A function that the assistant wants to be called.
     *
     * @param id names the call, so that its result can be told from others
     * @param arguments JSON as the model wrote it: nobody has checked it
     * @param seal what its provider wants to see again with the call, else null; means nothing to others
     */
    public record ToolCall(String id, String name, String arguments, String seal) implements Part {
        /** How the names of calls begin that their provider did not name. */
        public static final String OURS = "call_";

        /** A call that no provider has sealed. */
        public ToolCall(String id, String name, String arguments) {
            this(id, name, arguments, null);
        }

        /** The same call under another name of its own. */
        public ToolCall called(String otherId) {
            return new ToolCall(otherId, name, arguments, seal);
        }
    }

    /** What a called function gave back. */
    public record ToolResult(String callId, String name, String text) implements Part {}

    /** A message of one text. */
    public static LlmMessage of(Role role, String text) {
        return new LlmMessage(role, List.of(new Text(text)));
    }

    /** The result of a call as a message. */
    public static LlmMessage result(ToolCall call, String text) {
        return new LlmMessage(Role.TOOL, List.of(new ToolResult(call.id(), call.name(), text)));
    }

    /** True when the message is exactly one text, the common case. */
    public boolean isPlainText() {
        return parts.size() == 1 && parts.getFirst() instanceof Text;
    }

    /** All texts of the message, joined by line feeds. */
    public String text() {
        if (parts.size() == 1 && parts.getFirst() instanceof Text(String text)) {
            return text;
        }
        StringBuilder joined = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Text(String text)) {
                if (!joined.isEmpty()) {
                    joined.append('\n');
                }
                joined.append(text);
            }
        }
        return joined.toString();
    }

    /** The same message, in which files of other types than these are only mentioned. */
    public LlmMessage readable(Set<String> types) {
        if (parts.stream().noneMatch(part -> part instanceof File file && !types.contains(file.mediaType()))) {
            return this;
        }
        return new LlmMessage(
                role,
                parts.stream()
                        .map(part ->
                                part instanceof File file && !types.contains(file.mediaType()) ? file.untold() : part)
                        .toList());
    }

    /** The same conversation, in which files of other types than these are only mentioned. */
    public static List<LlmMessage> readable(List<LlmMessage> conversation, Set<String> types) {
        return conversation.stream().allMatch(LlmMessage::isPlainText)
                ? conversation
                : conversation.stream().map(message -> message.readable(types)).toList();
    }

    /** The functions that this message calls; none in most. */
    public List<ToolCall> toolCalls() {
        return parts.stream()
                .filter(ToolCall.class::isInstance)
                .map(ToolCall.class::cast)
                .toList();
    }
}
