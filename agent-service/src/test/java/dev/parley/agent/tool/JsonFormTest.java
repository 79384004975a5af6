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
                "{\"properties\":{\"a\":{\"pattern\":\"(\"}}}"
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
        assertThat(Duration.between(started, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }

    private static JsonNode schema(String text) throws Exception {
        return JSON.readTree(text);
    }
}
