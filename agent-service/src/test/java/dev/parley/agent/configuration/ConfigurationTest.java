package dev.parley.agent.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigurationTest {
    private static final Validator VALIDATOR =
            Validation.buildDefaultValidatorFactory().getValidator();

    @Test
    void valuesAreThoseOfVariablesAndTheNamedTexts() {
        Configuration content = new Configuration(
                "Kind",
                "Sell",
                null,
                List.of("refund", "invoice"),
                Map.of("goals", "Help", "city", "Pune"),
                null,
                null);
        assertThat(content.values())
                .isEqualTo(Map.of("persona", "Kind", "goals", "Help", "keywords", "refund, invoice", "city", "Pune"));
    }

    @Test
    void aValueOpensNoPlaceholder() {
        Configuration content = new Configuration("{{secret}} and {{{x}}} {one}", null, null, null, null, null, null);
        assertThat(content.values().get("persona")).isEqualTo("{ {secret} } and { { {x} } } {one}");
    }

    @Test
    void textsHoldNoControlCharactersAndAreBounded() {
        assertThat(faults(persona("Line\nfeed\tand 😀 العربية"))).isEmpty();
        assertThat(faults(persona("a\u0000b"))).hasSize(1);
        assertThat(faults(persona("\u001b[2J"))).hasSize(1);
        assertThat(faults(persona("half \ud83d"))).hasSize(1);
        assertThat(faults(persona("x".repeat(4001)))).hasSize(1);
        assertThat(faults(new Configuration(null, null, null, null, Map.of("bad name", "x"), null, null)))
                .hasSize(1);
        assertThat(faults(
                        new Configuration(null, null, null, null, null, null, new Configuration.AnswerCache(true, 5))))
                .hasSize(1);
        assertThat(faults(new Configuration(null, null, null, null, null, List.of("drop table"), null)))
                .hasSize(1);
    }

    private static Configuration persona(String text) {
        return new Configuration(text, null, null, null, null, null, null);
    }

    private static List<?> faults(Configuration content) {
        return List.copyOf(VALIDATOR.validate(content));
    }
}
