package dev.parley.channel.adapter.twilio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.MediaReference;
import dev.parley.channel.adapter.MediaUnavailable;
import dev.parley.channel.adapter.OutboundPart;
import dev.parley.channel.adapter.Outgoing;
import dev.parley.channel.adapter.SendOutcome;
import dev.parley.channel.adapter.twilio.TwilioApi.Account;
import dev.parley.channel.adapter.vendor.VendorHttp;
import dev.parley.channel.adapter.vendor.VendorMedia;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Twilio's API of messages: those that we send, those that it lists, and their files. */
@ApplicationScoped
class TwilioMessages {
    private static final Pattern PLACE = Pattern.compile("[A-Za-z0-9]{34}/[A-Za-z0-9]{34}");
    private static final int MOST_PAGES = 10;

    private final TwilioApi api;
    private final TwilioConfig config;
    private final TwilioOutcomes outcomes;
    private final ObjectMapper json;

    TwilioMessages(TwilioApi api, TwilioConfig config, ObjectMapper json, Clock clock) {
        this.api = api;
        this.config = config;
        this.json = json;
        this.outcomes = new TwilioOutcomes(config, clock);
    }

    SendOutcome send(Account account, Outgoing message) {
        if (!(message.part() instanceof OutboundPart.Text text)) {
            return new SendOutcome.Refused("an SMS is words alone");
        }
        Map<String, String> form = new LinkedHashMap<>();
        form.put("To", message.recipient());
        form.put(account.number() == null ? "MessagingServiceSid" : "From", from(account, message.recipient()));
        form.put("Body", text.text());
        form.put(
                "StatusCallback",
                message.webhookUrl() + "/" + TwilioDeliveries.STATUS_PATH + "?" + TwilioDeliveries.REFERENCE + "="
                        + message.reference());
        return switch (api.post(account, "/Messages.json", form)) {
            case VendorHttp.NotSent notSent -> new SendOutcome.Later(config.ratePause(), notSent.reason());
            case VendorHttp.Unanswered unanswered -> new SendOutcome.Ambiguous(unanswered.reason());
            case VendorHttp.Response response -> outcomes.of(response.status(), response.tree(json));
        };
    }

    /** What a customer of another kind than SMS, such as {@code whatsapp:+1…}, is answered from: the same kind. */
    private static String from(Account account, String recipient) {
        if (account.number() == null) {
            return account.service();
        }
        int kind = recipient.indexOf(':');
        return kind < 0 ? account.number() : recipient.substring(0, kind + 1) + account.number();
    }

    /** Looks through the latest messages to the recipient. */
    Optional<SendOutcome> lookUp(Account account, Outgoing message, Instant attempted, Predicate<String> known) {
        if (!(message.part() instanceof OutboundPart.Text text)) {
            return Optional.empty();
        }
        VendorHttp.Result result = api.get(
                account,
                "/Messages.json?PageSize=" + TwilioOutcomes.PAGE + "&To=" + TwilioForm.encoded(message.recipient()));
        if (!(result instanceof VendorHttp.Response response) || response.status() != 200) {
            return Optional.empty();
        }
        return outcomes.among(
                response.tree(json).path("messages"),
                text.text(),
                attempted,
                listed -> isFrom(account, message.recipient(), listed)
                        && !known.test(listed.path("sid").asText()));
    }

    private static boolean isFrom(Account account, String recipient, JsonNode listed) {
        return account.number() == null
                ? account.service().equals(listed.path("messaging_service_sid").asText())
                : from(account, recipient).equals(listed.path("from").asText());
    }

    /**
     * What customers wrote since then; throws as {@link TwilioApi#identify}. Twilio lists by day, the latest first.
     */
    List<JsonNode> received(Account account, Instant since) {
        List<JsonNode> received = new ArrayList<>();
        String path = "/Messages.json?PageSize=" + TwilioOutcomes.PAGE + "&DateSent%3E="
                + DateTimeFormatter.ISO_LOCAL_DATE.format(since.atOffset(ZoneOffset.UTC))
                + (account.number() == null ? "" : "&To=" + TwilioForm.encoded(account.number()));
        for (int page = 0; page < MOST_PAGES && path != null; page++) {
            JsonNode answer = api.require(api.get(account, path), "does not list the messages");
            boolean before = false;
            for (JsonNode message : answer.path("messages")) {
                Instant created =
                        TwilioOutcomes.time(message.path("date_created").asText(""));
                before |= created != null && created.isBefore(since);
                if (created != null && !created.isBefore(since) && isTo(account, message)) {
                    received.add(message);
                }
            }
            path = before ? null : next(account, answer.path("next_page_uri").asText(""));
        }
        return received;
    }

    private static boolean isTo(Account account, JsonNode message) {
        return message.path("direction").asText("").equals("inbound")
                && (account.number() == null
                        ? account.service()
                                .equals(message.path("messaging_service_sid").asText())
                        : account.number().equals(message.path("to").asText()));
    }

    /** The rest of the next page's address, behind the account's own; null when there is none. */
    private static String next(Account account, String uri) {
        String start = "/2010-04-01/Accounts/" + account.sid();
        return uri.startsWith(start + "/Messages.json?") ? uri.substring(start.length()) : null;
    }

    /** The sids of a message's files; none when Twilio does not tell. */
    List<JsonNode> media(Account account, String sid) {
        List<JsonNode> media = new ArrayList<>();
        if (api.get(account, "/Messages/" + sid + "/Media.json") instanceof VendorHttp.Response response
                && response.status() == 200) {
            response.tree(json).path("media_list").forEach(media::add);
        }
        return media;
    }

    /** Twilio points to where the file is. */
    InputStream download(Account account, MediaReference media) {
        if (!PLACE.matcher(media.providerId()).matches()) {
            throw new MediaUnavailable(true, "not a place of a file");
        }
        String[] place = media.providerId().split("/");
        VendorHttp.Download answer =
                VendorMedia.answered(api.file(account, "/Messages/" + place[0] + "/Media/" + place[1]));
        if (answer.status() < 300) {
            return VendorMedia.found(answer);
        }
        VendorMedia.leave(answer);
        String location = answer.header("location");
        if (location == null || !VendorMedia.isServedBy(location, config.apiBase(), config.mediaHosts())) {
            throw new MediaUnavailable(true, "Twilio gives no address of the file that we trust");
        }
        return VendorMedia.found(api.fileAt(location));
    }
}
