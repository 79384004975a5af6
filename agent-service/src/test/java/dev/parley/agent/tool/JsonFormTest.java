package dev.parley.agent.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFormTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void aTextFitsItsSchemaOrIsToldWhatIsWrong() throws Exception {
        JsonForm form = JsonForm.of(schema("""
            {"type":"object","properties":{"age":{"type":"integer","minimum":0}},"required":["age"],"additionalProperties":false}
            """));

        assertThat(form.objection("{\"age\": 3}")).isEmpty();
        assertThat(form.objection("```json\n{\"age\": 3}\n```")).isEmpty();
        assertThat(form.objection("{\"age\": -1}"))
                .hasValueSatisfying(told -> assertThat(told).contains("age"));
        assertThat(form.objection("{}")).isPresent();
        assertThat(form.objection("{\"age\":1,\"tenant_id\":\"other\"}")).isPresent();
        assertThat(form.objection("{\"age\":1} and more")).contains("It is not JSON.");
        assertThat(form.objection("")).contains("It is not JSON.");
        assertThat(form.objection("[".repeat(100_000))).contains("It is not JSON.");
    }

    @Test
    void anyObjectIsAnObject() {
        assertThat(JsonForm.anyObject().objection("{}")).isEmpty();
        assertThat(JsonForm.anyObject().objection("[]")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"$ref\":\"http://169.254.169.254/latest/meta-data\"}",
                "{\"properties\":{\"a\":{\"$ref\":\"file:///etc/passwd\"}}}",
                "{\"$ref\":\"classpath:application.properties\"}",
                "{\"properties\":{\"a\":{\"pattern\":\"(\"}}}",
                "{\"properties\":{\"a\":{\"$ref\":\"#/$defs/none\"}}}",
                "{\"properties\":{\"a\":{\"minimum\":\"x\"}}}",
                "{\"$dynamicRef\":\"#\"}",
                "{\"$ref\":\"#\"}"
            })
    void aSchemaThatLeadsElsewhereOrNowhereIsUnusable(String schema) throws Exception {
        JsonNode node = schema(schema);

        assertThatThrownBy(() -> JsonForm.of(node)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void neitherPatternsNorEndlessReferencesCostTime() throws Exception {
        Instant started = Instant.now();
        JsonForm pattern = JsonForm.of(schema("{\"properties\":{\"a\":{\"pattern\":\"^(a+)+$\"}}}"));
        JsonForm endless = JsonForm.of(schema("{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#\"}}}"));

        assertThat(pattern.objection("{\"a\":\"" + "a".repeat(5000) + "!\"}")).isPresent();
        assertThat(endless.objection("{\"a\":{\"a\":{\"a\":1}}}")).isPresent();
        assertThat(Duration.between(started, Instant.now())).isLessThan(Duration.ofSeconds(60));
    }

    @Test
    void whatEveryKindOfClientWritesIsChecked() throws Exception {
        JsonForm tree = JsonForm.of(schema("""
            {"$ref":"#/$defs/node","$defs":{"node":{"type":"object","required":["v"],"properties":{"v":{"type":"integer"},
             "left":{"anyOf":[{"$ref":"#/$defs/node"},{"type":"null"}]},"right":{"anyOf":[{"$ref":"#/$defs/node"},{"type":"null"}]}}}}}
            """));
        String grown = "{\"v\":1}";
        for (int i = 0; i < 8; i++) {
            grown = "{\"v\":1,\"left\":" + grown + ",\"right\":" + grown + "}";
        }

        assertThat(tree.objection(grown)).isEmpty();
        assertThat(tree.objection(grown.replace("{\"v\":1}", "{\"v\":\"x\"}"))).isPresent();
        assertThat(JsonForm.of(schema("{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}"))
                        .objection("[1" + ",1".repeat(16_000) + "]"))
                .isEmpty();
    }

    @Test
    void aSchemaThatGrowsByFollowingItCostsNoTime() throws Exception {
        // Given thirty definitions, each three times the next, and a list that may be checked in two ways at each depth
        StringBuilder tripling = new StringBuilder("{\"$ref\":\"#/$defs/a0\",\"$defs\":{");
        for (int i = 0; i < 30; i++) {
            String next = "{\"$ref\":\"#/$defs/a" + (i + 1) + "\"}";
            tripling.append("\"a%d\":{\"allOf\":[%s,%s,%s]},".formatted(i, next, next, next));
        }
        JsonNode grows = schema(tripling + "\"a30\":{\"type\":\"string\"}}}");
        JsonForm doubling = JsonForm.of(schema("""
            {"anyOf":[{"type":"array","items":{"$ref":"#"}},{"type":"array","items":{"$ref":"#"}}]}
            """));
        Instant started = Instant.now();

        // When / Then
        assertThatThrownBy(() -> JsonForm.of(grows)).isInstanceOf(IllegalArgumentException.class);
        assertThat(doubling.objection("[".repeat(8) + "]".repeat(8))).isEmpty();
        assertThat(doubling.objection("[".repeat(22) + "]".repeat(22)))
                .contains("It is too large to be checked against the schema.");
        assertThat(Duration.between(started, Instant.now())).isLessThan(Duration.ofSeconds(60));
    }

    private static JsonNode schema(String text) throws Exception {
        return JSON.readTree(text);
    }
}
