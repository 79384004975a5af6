package dev.parley.e2e.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.parley.e2e.support.Api.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** The controls of the simulated outside world. */
public final class Simulators {
    private Simulators() {}

    /** A client of the simulators. */
    public static Api api() {
        return Api.of(Stack.running().simulatorsUrl());
    }

    /** Makes a provider misbehave until {@link #heal}. */
    public static void fault(String provider, Map<String, Object> fault) {
        Answer answer = api().put("/_control/faults/" + provider, fault);
        if (answer.status() / 100 != 2) {
            throw new AssertionError("fault refused: " + answer.raw());
        }
    }

    /** Ends all misbehaviour of a provider. */
    public static void heal(String provider) {
        api().delete("/_control/faults/" + provider);
    }

    /** The requests that a provider received whose body contains the text. */
    public static List<JsonNode> received(String provider, String text) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode entry : entries(api().get("/_control/log?limit=1000&provider=" + provider + "&match=" + text)
                .expect(200))) {
            if (entry.path("body").toString().contains(text)) {
                found.add(entry);
            }
        }
        return found;
    }

    /** The requests to payment providers and messengers since then that hold one of the texts, in path or body. */
    public static List<String> callsWith(List<String> texts, Instant since) {
        List<String> calls = new ArrayList<>();
        for (String provider : List.of("stripe", "razorpay", "telegram", "whatsapp", "twilio")) {
            for (JsonNode entry : entries(api().get("/_control/log?limit=1000&provider=" + provider + "&since=" + since)
                    .expect(200))) {
                String call = entry.path("method").asText() + " "
                        + entry.path("path").asText() + " " + entry.path("body").asText();
                if (texts.stream().anyMatch(call::contains)) {
                    calls.add(provider + " " + call);
                }
            }
        }
        return calls;
    }

    private static Iterable<JsonNode> entries(Answer answer) {
        JsonNode body = answer.body();
        return body.isArray() ? body : body.path("items");
    }

    /** Pays on the payment provider's page as a person would: opens it and sends its form with a card that works. */
    public static void payOnPage(String url) {
        Api browser = Api.of("");
        browser.get(url).expect(200);
        Answer paid = browser.raw(
                "POST",
                url,
                "action=pay&card=4242&email=payer%40example.com".getBytes(StandardCharsets.UTF_8),
                "application/x-www-form-urlencoded");
        if (paid.status() != 303) {
            throw new AssertionError("the payment page answered " + paid.status() + ": " + paid.raw());
        }
    }

    /** The token of a bot that nobody has connected. */
    public static String botToken() {
        return ThreadLocalRandom.current().nextInt(100_000_000, 999_999_999) + ":AAE2E" + UUID.randomUUID();
    }

    /** Lets an end customer write to a bot. */
    public static void writeToBot(String token, long chat, String text) {
        tellBot(token, chat, Map.of("text", text));
    }

    /**
     * Lets an end customer send a file to a bot.
     *
     * @param kind such as {@code voice} or {@code document}
     * @param caption what is written below it
     */
    public static void sendToBot(
            String token, long chat, String kind, String mediaType, byte[] content, String caption) {
        tellBot(
                token,
                chat,
                Map.of(
                        "file",
                        kind,
                        "mime_type",
                        mediaType,
                        "content",
                        Base64.getEncoder().encodeToString(content),
                        "caption",
                        caption));
    }

    private static void tellBot(String token, long chat, Map<String, Object> said) {
        Map<String, Object> message = new HashMap<>(said);
        message.put("chat_id", chat);
        message.put("from", Map.of("id", chat, "is_bot", false, "first_name", "Grace"));
        Answer answer = api().post("/_control/telegram/bots/" + token + "/messages", message);
        if (answer.status() / 100 != 2) {
            throw new AssertionError("not delivered: " + answer.raw());
        }
    }

    /** The texts that a bot sent to a chat, in order. */
    public static List<String> sentByBot(String token, long chat) {
        List<String> texts = new ArrayList<>();
        for (JsonNode sent :
                entries(api().get("/_control/telegram/bots/" + token + "/sent").expect(200))) {
            JsonNode message = sent.has("text") ? sent : sent.path("message");
            if (message.path("chat_id").asLong(message.path("chat").path("id").asLong()) == chat) {
                texts.add(message.path("text").asText());
            }
        }
        return texts;
    }

    /** Calls the control plane, which has to agree. */
    public static JsonNode control(String method, String path, Object body) {
        Answer answer =
                switch (method) {
                    case "PUT" -> api().put("/_control" + path, body);
                    case "POST" -> api().post("/_control" + path, body);
                    default -> api().get("/_control" + path);
                };
        if (answer.status() / 100 != 2) {
            throw new AssertionError(path + " answered " + answer.status() + ": " + answer.raw());
        }
        return answer.raw().isEmpty() ? MissingNode.getInstance() : answer.body();
    }

    /** What a number or an account sent to a customer, in order, as the vendor got it. */
    public static List<JsonNode> sentTo(String sender, String customer) {
        List<JsonNode> sent = new ArrayList<>();
        control("GET", sender + "/sent?to=" + customer, null).path("items").forEach(sent::add);
        return sent;
    }
}
