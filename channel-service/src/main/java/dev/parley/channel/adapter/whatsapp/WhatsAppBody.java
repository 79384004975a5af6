package dev.parley.channel.adapter.whatsapp;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.channel.adapter.OutboundPart;
import dev.parley.channel.adapter.Outgoing;
import java.util.Map;

/** Writes messages in the Graph API's form. */
final class WhatsAppBody {
    private static final Map<String, String> KINDS =
            Map.of("image", "image", "video", "video", "audio", "audio", "voice", "audio", "document", "document");

    private final ObjectMapper json;

    WhatsAppBody(ObjectMapper json) {
        this.json = json;
    }

    ObjectNode of(Outgoing message) {
        ObjectNode body = json.createObjectNode()
                .put("messaging_product", "whatsapp")
                .put("recipient_type", "individual")
                .put("to", message.recipient())
                .put("biz_opaque_callback_data", message.reference().toString());
        switch (message.part()) {
            case OutboundPart.Text text
            when text.buttons().isEmpty() ->
                body.put("type", "text")
                        .putObject("text")
                        .put("body", text.text())
                        .put("preview_url", false);
            case OutboundPart.Text text -> buttons(body.put("type", "interactive"), text);
            case OutboundPart.Media media -> media(body, media);
            case OutboundPart.Template template -> template(body.put("type", "template"), template);
        }
        return body;
    }

    private static void buttons(ObjectNode body, OutboundPart.Text text) {
        ObjectNode interactive = body.putObject("interactive").put("type", "button");
        interactive.putObject("body").put("text", text.text());
        ArrayNode buttons = interactive.putObject("action").putArray("buttons");
        text.buttons().forEach(button -> buttons.addObject()
                .put("type", "reply")
                .putObject("reply")
                .put("id", button.payload())
                .put("title", button.title()));
    }

    private static void media(ObjectNode body, OutboundPart.Media media) {
        String kind = KINDS.getOrDefault(media.kind(), "document");
        ObjectNode file = body.put("type", kind).putObject(kind).put("link", media.url());
        if (media.caption() != null) {
            file.put("caption", media.caption());
        }
        if (media.fileName() != null && "document".equals(kind)) {
            file.put("filename", media.fileName());
        }
    }

    private static void template(ObjectNode body, OutboundPart.Template template) {
        ObjectNode named = body.putObject("template").put("name", template.name());
        named.putObject("language").put("code", template.language());
        if (!template.parameters().isEmpty()) {
            ArrayNode parameters =
                    named.putArray("components").addObject().put("type", "body").putArray("parameters");
            template.parameters()
                    .forEach(value -> parameters.addObject().put("type", "text").put("text", value));
        }
    }
}
