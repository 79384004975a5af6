package dev.parley.agent.tool;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.Pattern;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.resource.DisallowSchemaLoader;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The form that a JSON text of a model must have. Neither a schema nor a text can make us fetch anything, or compute for
 * long: references stay within the schema, and patterns are matched in linear time.
 */
public final class JsonForm {
    private static final int MAX_NESTING = 100;
    private static final int OBJECTIONS_TOLD = 5;
    private static final int LONGEST_OBJECTION = 1000;
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_NESTING)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(
            VersionFlag.V202012,
            factory -> factory.schemaLoaders(
                    loaders -> loaders.values(list -> list.clear()).add(DisallowSchemaLoader.getInstance())));
    private static final SchemaValidatorsConfig SETTINGS = SchemaValidatorsConfig.builder()
            .regularExpressionFactory(JsonForm::linear)
            .preloadJsonSchema(false)
            .cacheRefs(false)
            .build();

    private final JsonNode written;
    private final JsonSchema schema;

    private JsonForm(JsonNode written, JsonSchema schema) {
        this.written = written;
        this.schema = schema;
    }

    private static com.networknt.schema.regex.RegularExpression linear(String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        return text -> compiled.matcher(text).find();
    }

    /** Any JSON object. */
    public static JsonForm anyObject() {
        return new JsonForm(null, null);
    }

    /**
     * What a schema asks for.
     *
     * @throws IllegalArgumentException when the schema is unusable
     */
    public static JsonForm of(JsonNode schema) {
        try {
            JsonNode own = schema.deepCopy();
            if (own instanceof ObjectNode object) {
                object.remove("$schema");
                object.remove("$id");
            }
            SchemaWork.read(own);
            if (!SchemaWork.isBounded(own, NullNode.getInstance())) {
                throw new IllegalArgumentException("too much to check for any value");
            }
            // each keyword is compiled once, to see that it is usable; what a reference leads to, only when it is
            // needed
            SCHEMAS.getSchema(withoutReferences(own.deepCopy()), SETTINGS).initializeValidators();
            return new JsonForm(own, SCHEMAS.getSchema(own, SETTINGS));
        } catch (RuntimeException | StackOverflowError unusable) {
            throw new IllegalArgumentException("unusable schema", unusable);
        }
    }

    private static JsonNode withoutReferences(JsonNode node) {
        if (node instanceof ObjectNode object && object.path("$ref").isTextual()) {
            object.remove("$ref");
        }
        node.forEach(JsonForm::withoutReferences);
        return node;
    }

    /** Reads a text of a model, with or without the fence that many put around JSON; empty when it is no JSON. */
    public static Optional<JsonNode> read(String text) {
        try {
            return Optional.of(JSON.readTree(unfenced(text))).filter(node -> !node.isMissingNode());
        } catch (JsonProcessingException malformed) {
            return Optional.empty();
        }
    }

    /** The text without the fence around it. */
    public static String unfenced(String text) {
        String stripped = text.strip();
        if (!stripped.startsWith("```") || !stripped.endsWith("```") || stripped.length() < 6) {
            return stripped;
        }
        int line = stripped.indexOf('\n');
        return line < 0
                ? stripped
                : stripped.substring(line + 1, stripped.length() - 3).strip();
    }

    /** What is wrong with a text, in words for the model; empty when it is as it must be. */
    public Optional<String> objection(String text) {
        Optional<JsonNode> read = read(text);
        return read.isEmpty() ? Optional.of("It is not JSON.") : objection(read.get());
    }

    /** What is wrong with a value, in words for the model; empty when it is as it must be. */
    public Optional<String> objection(JsonNode value) {
        if (schema == null) {
            return value.isObject() ? Optional.empty() : Optional.of("It is not a JSON object.");
        }
        try {
            if (!SchemaWork.isBounded(written, value)) {
                return Optional.of("It is too large to be checked against the schema.");
            }
            Set<ValidationMessage> wrong = schema.validate(value);
            if (wrong.isEmpty()) {
                return Optional.empty();
            }
            String told = wrong.stream()
                    .limit(OBJECTIONS_TOLD)
                    .map(ValidationMessage::getMessage)
                    .collect(Collectors.joining("; "));
            return Optional.of(told.length() > LONGEST_OBJECTION ? told.substring(0, LONGEST_OBJECTION) : told);
        } catch (RuntimeException | StackOverflowError unusable) {
            return Optional.of("It cannot be checked against the schema.");
        }
    }
}
