package dev.parley.agent.httptool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Hides a function's address and secret in what it answers, as they are, without scheme, port or query, and without the word
 * before the secret; in JSON however it escapes them. Whoever answers can write them in a way that nobody finds.
 */
final class Veil {
    private static final String HIDDEN = "[hidden]";
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}&&[^\\t\\n\\r]]");
    /** A shorter part of a secret is a word that answers have anyway. */
    private static final int SHORTEST_PART = 6;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .build();

    private final List<String> hidden;

    /** @param secret null where there is none */
    Veil(String url, String secret) {
        TreeSet<String> all =
                new TreeSet<>(Comparator.comparingInt(String::length).reversed().thenComparing(String::compareTo));
        all.add(url);
        URI address = URI.create(url);
        String path = address.getRawPath();
        if (path != null && path.length() > 1) {
            all.add(address.getRawAuthority() + path);
            all.add(address.getHost() + path);
        }
        if (secret != null) {
            all.add(secret);
            String last = secret.substring(secret.lastIndexOf(' ') + 1);
            if (last.length() >= SHORTEST_PART) {
                all.add(last);
            }
        }
        this.hidden = List.copyOf(all);
    }

    /** What the database and a model take of an answer, without what nobody is to see. */
    String over(String answer) {
        String printable = UNPRINTABLE.matcher(answer).replaceAll("");
        try {
            JsonNode read = JSON.readTree(printable);
            return text(read.isMissingNode() ? printable : JSON.writeValueAsString(over(read)));
        } catch (JsonProcessingException noJson) {
            return text(printable);
        }
    }

    private JsonNode over(JsonNode node) {
        if (node.isTextual()) {
            return TextNode.valueOf(text(node.textValue()));
        }
        if (node.isObject()) {
            ObjectNode object = JSON.createObjectNode();
            node.properties().forEach(member -> object.set(text(member.getKey()), over(member.getValue())));
            return object;
        }
        if (node.isArray()) {
            ArrayNode list = JSON.createArrayNode();
            node.forEach(each -> list.add(over(each)));
            return list;
        }
        return node;
    }

    private String text(String clear) {
        String text = UNPRINTABLE.matcher(clear).replaceAll("");
        for (String each : hidden) {
            text = text.replace(each, HIDDEN);
        }
        return text;
    }
}
