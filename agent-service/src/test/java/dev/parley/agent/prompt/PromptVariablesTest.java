package dev.parley.agent.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PromptVariablesTest {
    @Test
    void placeholdersAreReplacedOnceAndUnknownOnesStay() {
        assertThat(PromptVariables.render(
                        "Hi {{ name }}, {{name}}! {{other}} {{{name}}} {{", Map.of("name", "{{other}} $1 \\")))
                .isEqualTo("Hi {{other}} $1 \\, {{other}} $1 \\! {{other}} {{{other}} $1 \\} {{");
        assertThat(PromptVariables.render("plain", Map.of("plain", "x"))).isEqualTo("plain");
    }

    @Test
    void variablesAreAnObjectOfTextsOrAListOfNames() throws Exception {
        assertThat(PromptVariables.defaults(json("{\"a\":\"1\",\"b\":2,\"c\":null}")))
                .isEqualTo(Map.of("a", "1", "b", "2", "c", ""));
        assertThat(PromptVariables.defaults(json("[\"a\",\"b\"]"))).isEqualTo(Map.of("a", "", "b", ""));
        assertThat(PromptVariables.objection(json("{\"a\":\"1\"}"))).isEmpty();
        assertThat(PromptVariables.objection(json("[\"a\"]"))).isEmpty();
        assertThat(PromptVariables.objection(null)).isEmpty();
        for (String bad : new String[] {"7", "\"a\"", "[1]", "[\"\"]", "{\"a b\":\"\"}", "{\"a\":{}}", "{\"a\":[]}"}) {
            assertThat(PromptVariables.objection(json(bad))).as(bad).isPresent();
        }
    }

    private static JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text);
    }
}
