package dev.parley.channel.message;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.parley.channel.adapter.OutboundMedia;
import dev.parley.channel.media.MediaLinks;
import dev.parley.channel.media.MediaService;
import dev.parley.channel.media.MediaService.Uploaded;
import dev.parley.channel.message.SendMessageRequest.Attachment;
import dev.parley.channel.turn.Images;
import dev.parley.channel.turn.MessageProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what a request brings beside its text. */
@ApplicationScoped
class Attachments {
    private static final Map<String, String> TYPE_BY_BASE64_START =
            Map.of("iVBOR", "image/png", "/9j/", "image/jpeg", "R0lG", "image/gif", "UklG", "image/webp");
    private static final String IMAGE = "image";

    private final MediaService media;
    private final MediaLinks links;
    private final ObjectMapper json;

    Attachments(MediaService media, MediaLinks links, ObjectMapper json) {
        this.media = media;
        this.links = links;
        this.json = json;
    }

    /**
     * For an agent, as stored: {@code [{"type":"image","url":"…"}]}, with bytes as a data address; null for none.
     *
     * @throws Problem 422 for what agents are not given: pictures, and uploads that are recordings, PDFs or texts, they are
     */
    @Nullable
    ArrayNode forAgent(TenantId tenant, @Nullable List<Attachment> attachments) {
        if (attachments == null || attachments.isEmpty()) {
            return null;
        }
        Map<UUID, Uploaded> uploaded = uploaded(tenant, attachments);
        ArrayNode stored = json.createArrayNode();
        for (int i = 0; i < attachments.size(); i++) {
            Attachment attachment = attachments.get(i);
            demandOne(attachment, i);
            if (!attachment.type().equals(IMAGE)) {
                demandGiven(attachment, uploaded, i);
            } else if (attachment.mediaId() != null
                    && !uploaded.get(attachment.mediaId()).shown()) {
                throw invalid(i, "must be a PNG, JPEG, GIF or WebP image");
            }
            stored.addObject().put("type", attachment.type()).put("url", address(attachment, i));
        }
        return stored;
    }

    private static void demandGiven(Attachment attachment, Map<UUID, Uploaded> uploaded, int index) {
        Uploaded one = attachment.mediaId() == null ? null : uploaded.get(attachment.mediaId());
        if (one == null || !one.given() || !one.kind().equals(attachment.type())) {
            throw invalid(index, "must be the media_id of a recording, a PDF or a text that is not too large");
        }
    }

    /** What is kept of what goes to the customer of a messenger; null for none. */
    @Nullable
    ArrayNode forCustomer(@Nullable List<Attachment> attachments) {
        if (attachments == null || attachments.isEmpty()) {
            return null;
        }
        ArrayNode stored = json.createArrayNode();
        for (int i = 0; i < attachments.size(); i++) {
            demandOne(attachments.get(i), i);
            stored.addObject().put("type", attachments.get(i).type()).put("url", address(attachments.get(i), i));
        }
        return stored;
    }

    /**
     * What the messenger fetches: something public, or what was uploaded, by an address that is signed.
     *
     * @throws Problem 422 for bytes: they must be uploaded first
     */
    List<OutboundMedia> outbound(TenantId tenant, @Nullable List<Attachment> attachments) {
        List<OutboundMedia> outbound = new ArrayList<>();
        if (attachments == null) {
            return outbound;
        }
        Map<UUID, Uploaded> uploaded = uploaded(tenant, attachments);
        for (int i = 0; i < attachments.size(); i++) {
            Attachment attachment = attachments.get(i);
            demandOne(attachment, i);
            if (attachment.mediaId() != null) {
                Uploaded one = uploaded.get(attachment.mediaId());
                outbound.add(
                        new OutboundMedia(one.kind(), links.to(tenant, attachment.mediaId()), one.fileName(), null));
            } else if (attachment.url() != null && attachment.type().equals(IMAGE)) {
                outbound.add(new OutboundMedia(IMAGE, attachment.url(), null, null));
            } else {
                throw invalid(i, "must be an image's url, or a media_id");
            }
        }
        return outbound;
    }

    private Map<UUID, Uploaded> uploaded(TenantId tenant, List<Attachment> attachments) {
        List<UUID> ids = attachments.stream()
                .map(Attachment::mediaId)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        if (ids.isEmpty()) {
            return Map.of();
        }
        Map<UUID, Uploaded> uploaded = media.uploaded(tenant, ids);
        for (int i = 0; i < attachments.size(); i++) {
            UUID id = attachments.get(i).mediaId();
            if (id != null && !uploaded.containsKey(id)) {
                throw invalid(i, "media_id names nothing that was uploaded");
            }
        }
        return uploaded;
    }

    private static void demandOne(Attachment attachment, int index) {
        long given = Stream.of(attachment.url(), attachment.data(), attachment.mediaId())
                .filter(Objects::nonNull)
                .count();
        if (given != 1) {
            throw invalid(index, "must have one of url, data and media_id");
        }
    }

    private static String address(Attachment attachment, int index) {
        if (attachment.mediaId() != null) {
            return Images.KEPT + attachment.mediaId();
        }
        if (attachment.url() != null) {
            return attachment.url();
        }
        String data = attachment.data();
        String type = TYPE_BY_BASE64_START.entrySet().stream()
                .filter(known -> data.startsWith(known.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> invalid(index, "data must be a PNG, JPEG, GIF or WebP image in base64"));
        try {
            Base64.getDecoder().decode(data);
        } catch (IllegalArgumentException notBase64) {
            throw invalid(index, "data must be base64");
        }
        return "data:" + type + ";base64," + data;
    }

    private static Problem invalid(int index, String detail) {
        return new Problem(MessageProblem.MESSAGE_NOT_VALID)
                .detail("attachments[" + index + "] " + detail)
                .with("errors", ProblemCompletion.error("/attachments/" + index, detail));
    }
}
