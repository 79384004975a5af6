package dev.parley.channel.message;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.channel.adapter.Button;
import dev.parley.channel.adapter.Capabilities;
import dev.parley.channel.adapter.OutboundMedia;
import dev.parley.channel.adapter.OutboundPart;
import dev.parley.channel.adapter.OutboundReply;
import dev.parley.channel.message.SendMessageRequest.Choice;
import dev.parley.channel.message.SendMessageRequest.Template;
import dev.parley.channel.text.PlainText;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a person says to the customer of a messenger, within its channel's limits: words, words over buttons, or a
 * template. Where a channel has no buttons, they are lines of the words, here and for who reads the conversation.
 *
 * @param text the words as they are sent and stored; of a template its name and what stands in its places
 * @param buttons those that are shown as buttons
 */
record StaffForm(String text, List<Button> buttons, OutboundPart.@Nullable Template template) {
    /**
     * Reads what a request says.
     *
     * @param channel its name, for what it does not take
     * @throws Problem 422 for what the channel does not take
     */
    static StaffForm of(SendMessageRequest request, String channel, Capabilities channelCan) {
        Template template = request.template();
        if (template != null) {
            if (!channelCan.templates()) {
                throw invalid("/template", "is not for " + channel);
            }
            return ofTemplate(template.approved());
        }
        List<Button> buttons = buttons(request, channel, channelCan);
        String text = PlainText.storable(request.text());
        return buttons.isEmpty() || channelCan.buttons().any()
                ? new StaffForm(text, buttons, null)
                : new StaffForm(text + "\n\n" + Button.numbered(buttons), List.of(), null);
    }

    private static StaffForm ofTemplate(OutboundPart.Template template) {
        String name = "[template] " + template.name() + " (" + template.language() + ")";
        return new StaffForm(
                template.parameters().isEmpty() ? name : name + ": " + String.join(", ", template.parameters()),
                List.of(),
                template);
    }

    private static List<Button> buttons(SendMessageRequest request, String channel, Capabilities channelCan) {
        List<Choice> wanted = request.buttons() == null ? List.of() : request.buttons();
        Set<String> ids = new HashSet<>();
        Set<String> titles = new HashSet<>();
        boolean shown = channelCan.buttons().any();
        if (shown && wanted.size() > channelCan.buttons().most()) {
            throw invalid("/buttons", "are " + channelCan.buttons().most() + " at most on " + channel);
        }
        for (int i = 0; i < wanted.size(); i++) {
            Button button = wanted.get(i).button();
            String pointer = "/buttons/" + i;
            if (!ids.add(button.payload())) {
                throw invalid(pointer + "/id", "must be another one than those before");
            }
            if (!titles.add(button.title())) {
                throw invalid(pointer + "/title", "must be another one than those before");
            }
            if (shown && !channelCan.buttons().fitsTitle(button)) {
                throw invalid(
                        pointer + "/title",
                        "has " + channelCan.buttons().title() + " characters at most on " + channel);
            }
            if (shown && !channelCan.buttons().fitsPayload(button)) {
                throw invalid(
                        pointer + "/id", "has " + channelCan.buttons().payload() + " bytes at most on " + channel);
            }
        }
        return wanted.stream().map(Choice::button).toList();
    }

    OutboundReply reply(List<OutboundMedia> media) {
        return template == null
                ? new OutboundReply(text, buttons, media, null)
                : new OutboundReply("", List.of(), List.of(), template);
    }

    /** The buttons as they are stored and shown; null for none. */
    @Nullable
    ArrayNode storedButtons(ObjectMapper json) {
        if (buttons.isEmpty()) {
            return null;
        }
        ArrayNode stored = json.createArrayNode();
        buttons.forEach(button -> stored.addObject().put("id", button.payload()).put("title", button.title()));
        return stored;
    }

    /** The template as it is stored and shown; null for none. */
    @Nullable
    ObjectNode storedTemplate(ObjectMapper json) {
        if (template == null) {
            return null;
        }
        ObjectNode stored = json.createObjectNode().put("name", template.name()).put("language", template.language());
        ArrayNode parameters = stored.putArray("parameters");
        template.parameters().forEach(parameters::add);
        return stored;
    }

    /** Whether that is what was said before, by what is stored of it; what it brings beside it is not asked here. */
    boolean isStored(String asText, @Nullable JsonNode asButtons, @Nullable JsonNode asTemplate, ObjectMapper json) {
        return text.equals(asText)
                && Objects.equals(storedButtons(json), asButtons)
                && Objects.equals(storedTemplate(json), asTemplate);
    }

    /** Whether it is words or files, which need the customer's word before them on some channels. */
    OutboundPart firstPart() {
        return template == null ? new OutboundPart.Text(text, buttons) : template;
    }

    private static Problem invalid(String pointer, String detail) {
        return new Problem(CommonProblem.VALIDATION_FAILED).with("errors", ProblemCompletion.error(pointer, detail));
    }
}
