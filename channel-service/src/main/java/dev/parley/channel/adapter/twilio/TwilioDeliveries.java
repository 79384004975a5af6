package dev.parley.channel.adapter.twilio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.DeliveryStatus;
import dev.parley.channel.adapter.InboundCall;
import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.adapter.InboundMessage;
import dev.parley.channel.adapter.MediaReference;
import dev.parley.channel.adapter.SendOutcome;
import dev.parley.channel.adapter.Sender;
import dev.parley.channel.adapter.vendor.VendorTime;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads Twilio's calls: one message or one status each, as a form, in the address, or as JSON. Twilio tells no time of
 * a message, so it is now, and arrival is the order.
 */
final class TwilioDeliveries {
    static final String STATUS_PATH = "status";
    /** Our id of a send, in the address to which its statuses go. */
    static final String REFERENCE = "ref";

    private static final Pattern SID = Pattern.compile("[A-Za-z0-9]{2,64}");
    private static final Pattern MEDIA = Pattern.compile(".*/Messages/([A-Za-z0-9]{34})/Media/([A-Za-z0-9]{34})");
    private static final int MOST_MEDIA = 10;

    private final ObjectMapper json;
    private final Clock clock;

    TwilioDeliveries(ObjectMapper json, Clock clock) {
        this.json = json;
        this.clock = clock;
    }

    /** What was signed for the account is for it, whatever number stands in it; of anything else nothing is believed. */
    List<InboundEvent> parse(InboundCall call, Map<String, String> credentials, boolean verified) {
        Map<String, String> members = members(call);
        String sid = members.getOrDefault("MessageSid", members.getOrDefault("SmsSid", ""));
        if (!SID.matcher(sid).matches()) {
            throw new IllegalArgumentException("not a message");
        }
        boolean status = STATUS_PATH.equals(call.path());
        String id = status ? sid + ":" + word(members.get("MessageStatus")) : sid;
        if (!verified && !ours(members, credentials, status)) {
            return List.of(new InboundEvent.Other(id, "of-another-account", raw(members)));
        }
        return List.of(status ? status(id, sid, members, call) : message(id, members, media(members), clock.instant()));
    }

    /**
     * A message as Twilio lists it.
     *
     * @param files what it lists of the message's files
     */
    InboundEvent listed(JsonNode message, List<JsonNode> files) {
        String sid = message.path("sid").asText();
        Map<String, String> members = new HashMap<>();
        members.put("From", message.path("from").asText(""));
        members.put("Body", message.path("body").asText(""));
        Instant sent = TwilioOutcomes.time(message.path("date_created").asText(""));
        return message(
                sid,
                members,
                files.stream()
                        .limit(MOST_MEDIA)
                        .map(file -> reference(
                                file.path("content_type").asText(null),
                                sid,
                                file.path("sid").asText()))
                        .toList(),
                VendorTime.ofEpochSecond(sent == null ? 0 : sent.getEpochSecond(), clock));
    }

    private static InboundEvent message(
            String id, Map<String, String> members, List<MediaReference> media, Instant sentAt) {
        String from = members.getOrDefault("From", "");
        String kind = media.isEmpty() ? "sms" : "mms";
        StringBuilder text = new StringBuilder();
        media.forEach(file -> text.append('[').append(file.kind()).append("] "));
        text.append(members.getOrDefault("Body", ""));
        if (from.isEmpty() || text.toString().isBlank()) {
            return new InboundEvent.Other(id, kind, raw(members));
        }
        return new InboundEvent.Message(
                id,
                kind,
                new InboundMessage(
                        from,
                        new Sender(from, members.get("ProfileName"), null, null, phone(from)),
                        text.toString().strip(),
                        sentAt,
                        0,
                        media,
                        members.get("ButtonPayload")));
    }

    /** The number in an address such as {@code +1…} or {@code whatsapp:+1…}; null in that of a short code. */
    private static @Nullable String phone(String from) {
        String number = from.substring(from.indexOf(':') + 1);
        return number.startsWith("+") ? number : null;
    }

    private static List<MediaReference> media(Map<String, String> members) {
        List<MediaReference> media = new ArrayList<>();
        for (int i = 0; i < MOST_MEDIA; i++) {
            String type = members.get("MediaContentType" + i);
            Matcher place = MEDIA.matcher(members.getOrDefault("MediaUrl" + i, ""));
            if (place.matches()) {
                media.add(reference(type, place.group(1), place.group(2)));
            }
        }
        return media;
    }

    private static MediaReference reference(@Nullable String type, String message, String file) {
        return new MediaReference(fileKind(type), message + "/" + file, type, null, null);
    }

    private static String fileKind(@Nullable String type) {
        String family = type == null ? "" : type.split("/", 2)[0];
        return switch (family) {
            case "image", "audio", "video" -> family;
            default -> "document";
        };
    }

    private InboundEvent status(String id, String sid, Map<String, String> members, InboundCall call) {
        String word = word(members.get("MessageStatus"));
        DeliveryStatus reached =
                switch (word) {
                    case "sent" -> DeliveryStatus.SENT;
                    case "delivered" -> DeliveryStatus.DELIVERED;
                    case "read" -> DeliveryStatus.READ;
                    case "failed", "undelivered", "canceled" -> DeliveryStatus.FAILED;
                    default -> null;
                };
        String kind = "status-" + word;
        if (reached == null) {
            return new InboundEvent.Other(id, kind, raw(members));
        }
        boolean failed = reached == DeliveryStatus.FAILED;
        Instant at = clock.instant();
        String error =
                (members.getOrDefault("ErrorCode", "") + " " + members.getOrDefault("ErrorMessage", word)).strip();
        return new InboundEvent.Status(
                id,
                kind,
                sid,
                reached,
                at,
                failed ? error : null,
                reference(call.parameter(REFERENCE)),
                failed ? TwilioOutcomes.refusal(0, code(members)) : SendOutcome.Refusal.OTHER);
    }

    /** Whether the call is about this account: its number, or its messaging service. */
    private static boolean ours(Map<String, String> members, Map<String, String> credentials, boolean status) {
        if (!credentials.get(TwilioAdapter.ACCOUNT_SID).equals(members.get("AccountSid"))) {
            return false;
        }
        String service = credentials.get(TwilioAdapter.MESSAGING_SERVICE_SID);
        String number = credentials.get(TwilioAdapter.PHONE_NUMBER);
        return status
                || (service == null
                        ? number.equals(members.get("To"))
                        : service.equals(members.get("MessagingServiceSid")));
    }

    /** What the signature covers: the body, or the address when there is no body. */
    private Map<String, String> members(InboundCall call) {
        Map<String, String> members = new HashMap<>();
        if (call.body().length == 0) {
            call.query().forEach((name, values) -> members.put(name, values.getFirst()));
        } else if (TwilioForm.is(call)) {
            TwilioForm.read(call.body()).forEach((name, values) -> members.put(name, values.getFirst()));
        } else {
            JsonNode body;
            try {
                body = json.readTree(call.body());
            } catch (IOException malformed) {
                throw new IllegalArgumentException("not JSON", malformed);
            }
            if (body == null || !body.isObject()) {
                throw new IllegalArgumentException("not an object");
            }
            body.properties().forEach(member -> {
                if (member.getValue().isValueNode() && !member.getValue().isNull()) {
                    members.put(member.getKey(), member.getValue().asText());
                }
            });
        }
        return members;
    }

    private static int code(Map<String, String> members) {
        String code = members.getOrDefault("ErrorCode", "");
        return code.matches("[0-9]{1,6}") ? Integer.parseInt(code) : 0;
    }

    private static String raw(Map<String, String> members) {
        return new TreeMap<>(members).toString();
    }

    private static String word(@Nullable String status) {
        return status == null || status.isEmpty() || status.length() > 32 ? "unknown" : status;
    }

    private static @Nullable UUID reference(@Nullable String text) {
        try {
            return text != null && text.length() == 36 ? UUID.fromString(text) : null;
        } catch (IllegalArgumentException notOurs) {
            return null;
        }
    }
}
