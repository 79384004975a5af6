package dev.parley.e2e.support;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.e2e.support.Api.Answer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The controls of the simulated outside world. */
public final class Simulators {
    private static final Pattern FORM = Pattern.compile("<form[^>]*action=\"([^\"]+)\"");

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
        for (JsonNode entry : entries(api().get("/_control/log?limit=1000&provider=" + provider + "&match=" + text).expect(200))) {
            if (entry.path("body").toString().contains(text)) {
                found.add(entry);
            }
        }
        return found;
    }

    private static Iterable<JsonNode> entries(Answer answer) {
        JsonNode body = answer.body();
        return body.isArray() ? body : body.path("items");
    }

    /** Pays on the payment provider's page as a person would: opens it and sends its form. */
    public static void payOnPage(String url) {
        Answer page = Api.of("").get(url).expect(200);
        Matcher form = FORM.matcher(page.raw());
        if (!form.find()) {
            throw new AssertionError("no form on the payment page: " + page.raw());
        }
        String action = URI.create(url).resolve(form.group(1).replace("&amp;", "&")).toString();
        Answer paid = Api.of("").raw(
                "POST", action, "action=pay&card=4242".getBytes(StandardCharsets.UTF_8), "application/x-www-form-urlencoded");
        if (paid.status() != 303) {
            throw new AssertionError("the payment page answered " + paid.status() + ": " + paid.raw());
        }
    }

    /** Lets an end customer write to a bot. */
    public static void writeToBot(String token, long chat, String text) {
        Answer answer = api().post("/_control/telegram/bots/" + token + "/messages", Map.of(
                "chat_id", chat,
                "from", Map.of("id", chat, "is_bot", false, "first_name", "Grace"),
                "text", text));
        if (answer.status() / 100 != 2) {
            throw new AssertionError("not delivered: " + answer.raw());
        }
    }

    /** The texts that a bot sent to a chat, in order. */
    public static List<String> sentByBot(String token, long chat) {
        List<String> texts = new ArrayList<>();
        for (JsonNode sent : entries(api().get("/_control/telegram/bots/" + token + "/sent").expect(200))) {
            JsonNode message = sent.has("text") ? sent : sent.path("message");
            if (message.path("chat_id").asLong(message.path("chat").path("id").asLong()) == chat) {
                texts.add(message.path("text").asText());
            }
        }
        return texts;
    }
}
