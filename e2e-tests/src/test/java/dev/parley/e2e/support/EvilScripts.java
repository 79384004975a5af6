package dev.parley.e2e.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The scripts of agent-service's evil model, each for the messages that hold its mark, aimed at a tenant and a server. */
public final class EvilScripts {
    private static final Path FILE = Path.of("../agent-service/src/test/resources/evil-model.json");
    private static final String SOMEBODY = "0190dead-0000-7000-8000-0000000000aa";

    private final List<Script> scripts = new ArrayList<>();

    /**
     * Aims them.
     *
     * @param run told apart from others by it
     * @param victim the tenant whose data they ask for
     * @param server the host and port that they want to be called
     * @param secret what they want to be told
     */
    public EvilScripts(String run, String victim, String server, String secret) {
        try {
            for (JsonNode script : new ObjectMapper().readTree(FILE.toFile())) {
                List<Call> calls = new ArrayList<>();
                for (JsonNode call : script.path("tool_calls")) {
                    calls.add(new Call(
                            call.path("name").asText(),
                            call.path("arguments")
                                    .asText()
                                    .replace(SOMEBODY, victim)
                                    .replace("evil.example", server)));
                }
                String text =
                        script.path("text").asText().replace("{CANARY}", secret).replace("evil.example", server);
                scripts.add(new Script("evil-%s-%03d.".formatted(run, scripts.size()), "I insist. " + text, calls));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** A function that the model calls. */
    public record Call(String name, String arguments) {}

    /** What the model answers, again and again, to a conversation with the mark. */
    public record Script(String mark, String text, List<Call> calls) {
        private static final int LONG = 1_000;

        /** Whether it says so much that it cannot say it often. */
        public boolean isLong() {
            return calls.stream()
                    .anyMatch(call -> call.name().length() + call.arguments().length() > LONG);
        }

        private Map<String, Object> asReply() {
            Map<String, Object> reply = new LinkedHashMap<>();
            reply.put("match", mark);
            reply.put("text", text);
            reply.put("tool_calls", calls);
            return reply;
        }
    }

    /** All of them. */
    public List<Script> all() {
        return scripts;
    }

    /** Has the simulated model follow them. */
    public void begin() {
        Simulators.control(
                "PUT", "/llm/replies", scripts.stream().map(Script::asReply).toList());
    }
}
