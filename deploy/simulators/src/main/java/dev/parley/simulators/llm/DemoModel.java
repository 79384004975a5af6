package dev.parley.simulators.llm;

import dev.parley.simulators.exchange.Counters;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The model behind both wire formats: repeats the gist of the last user message in a sensible sentence, so that the
 * same conversation always gets the same reply; or says what a script tells it to.
 */
final class DemoModel {

    private static final int GIST = 160;
    private static final int EARLIER_GIST = 60;
    private static final Set<String> GREETINGS =
            Set.of("hi", "hello", "hey", "good morning", "good afternoon", "good evening");

    /** A reply set by a test: for requests whose body holds {@code match}, or for all when it is null. */
    private record Script(String match, Said said, JsonObject source) {}

    /** A function that the model calls; the arguments are text as a model writes it, JSON or not. */
    record Call(String name, String arguments) {
        int tokens() {
            return Tokens.count(name) + Tokens.count(arguments);
        }
    }

    /** What the model says, and the functions that it calls. */
    record Said(String text, List<Call> calls) {
        /** The tokens of the calls. */
        int callTokens() {
            return calls.stream().mapToInt(Call::tokens).sum();
        }
    }

    private final Counters counters;
    private final List<Script> scripts = new ArrayList<>();

    DemoModel(Counters counters) {
        this.counters = counters;
    }

    /** What the model says to a conversation. */
    Said reply(byte[] body, String lastUser, String userBefore) {
        if (!scripts.isEmpty()) {
            String request = new String(body, StandardCharsets.UTF_8);
            for (Script script : scripts) {
                if (script.match() == null || request.contains(script.match())) {
                    return script.said();
                }
            }
        }
        String gist = gist(lastUser, GIST);
        StringBuilder reply = new StringBuilder(280);
        if (gist.isEmpty()) {
            reply.append("I did not get any text from you. Tell me in a sentence what you need, and I will help.");
        } else if (isGreeting(gist)) {
            reply.append("Hello! You wrote “")
                    .append(gist)
                    .append("”. I am the demo model. Tell me what you would like to get done, and we will start"
                            + " there.");
        } else if (gist.endsWith("?")) {
            reply.append("Good question: “")
                    .append(gist)
                    .append("” I am the demo model and answer without looking anything up, so here is how I would go"
                            + " about it: settle what the answer is for, check what is already known, then take one"
                            + " clear next step.");
        } else {
            reply.append("Got it: “")
                    .append(gist)
                    .append("”. I have noted that. Tell me which outcome you want, and I will suggest the next step.");
        }
        if (userBefore != null) {
            reply.append(" Before that you wrote: “")
                    .append(gist(userBefore, EARLIER_GIST))
                    .append("”.");
        }
        return new Said(reply.toString(), List.of());
    }

    /** Adds up what is charged for. */
    void billed(int promptTokens, int completionTokens) {
        counters.add("llm.completions", 1);
        counters.add("llm.prompt_tokens", promptTokens);
        counters.add("llm.completion_tokens", completionTokens);
    }

    /**
     * Replaces the scripts.
     *
     * @throws IllegalArgumentException when one has neither text nor functions to call
     */
    void script(JsonArray replies) {
        List<Script> next = new ArrayList<>();
        for (int i = 0; i < replies.size(); i++) {
            JsonObject source = replies.getJsonObject(i);
            List<Call> calls = calls(source.getJsonArray("tool_calls", new JsonArray()));
            if (source.getString("text") == null && calls.isEmpty()) {
                throw new IllegalArgumentException("a reply needs text or tool_calls");
            }
            String text = source.getString("text", "").repeat(source.getInteger("repeat", 1));
            next.add(new Script(source.getString("match"), new Said(text, calls), source));
        }
        scripts.clear();
        scripts.addAll(next);
    }

    private static List<Call> calls(JsonArray given) {
        List<Call> calls = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            JsonObject call = given.getJsonObject(i);
            Object arguments = call.getValue("arguments");
            calls.add(new Call(
                    call.getString("name", ""),
                    arguments instanceof JsonObject object ? object.encode() : String.valueOf(arguments)));
        }
        return calls;
    }

    JsonArray scripts() {
        JsonArray list = new JsonArray();
        scripts.forEach(script -> list.add(script.source()));
        return list;
    }

    private static boolean isGreeting(String gist) {
        String words = gist.toLowerCase(java.util.Locale.ROOT);
        int end = words.length();
        while (end > 0 && !Character.isLetter(words.charAt(end - 1))) {
            end--;
        }
        return GREETINGS.contains(words.substring(0, end));
    }

    /** The text on one line, at most so many characters. */
    private static String gist(String text, int most) {
        StringBuilder gist = new StringBuilder(Math.min(text.length(), most) + 1);
        int characters = 0;
        boolean space = false;
        for (int i = 0; i < text.length(); ) {
            int character = text.codePointAt(i);
            i += Character.charCount(character);
            if (Character.isWhitespace(character) || Character.isISOControl(character)) {
                space = gist.length() > 0;
                continue;
            }
            if (characters >= most) {
                return gist.append('…').toString();
            }
            if (space) {
                gist.append(' ');
                characters++;
                space = false;
            }
            gist.appendCodePoint(character);
            characters++;
        }
        return gist.toString();
    }
}
