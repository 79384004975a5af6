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
                null,
                null,
                null);
        assertThat(content.values())
                .isEqualTo(Map.of("persona", "Kind", "goals", "Help", "keywords", "refund, invoice", "city", "Pune"));
    }

    @Test
    void aValueOpensNoPlaceholder() {
        Configuration content = persona("{{secret}} and {{{x}}} {one}");
        assertThat(content.values().get("persona")).isEqualTo("{ {secret} } and { { {x} } } {one}");
    }

    @Test
    void textsHoldNoControlCharactersAndAreBounded() {
        assertThat(faults(persona("Line\nfeed\tand 😀 العربية"))).isEmpty();
        assertThat(faults(persona("a\u0000b"))).hasSize(1);
        assertThat(faults(persona("\u001b[2J"))).hasSize(1);
        assertThat(faults(persona("half \ud83d"))).hasSize(1);
        assertThat(faults(persona("x".repeat(4001)))).hasSize(1);
        assertThat(faults(new Configuration(null, null, null, null, Map.of("bad name", "x"), null, null, null, null)))
                .hasSize(1);
        assertThat(faults(new Configuration(
                        null, null, null, null, null, null, new Configuration.AnswerCache(true, 5), null, null)))
                .hasSize(1);
        assertThat(faults(new Configuration(null, null, null, null, null, List.of("drop table"), null, null, null)))
                .hasSize(1);
    }

    @Test
    void aScheduleHasTimesOfTheDayAndAKnownForm() {
        assertThat(faults(schedule("mon", "09:00", "24:00", "We are asleep."))).isEmpty();
        assertThat(faults(schedule("monday", "09:00", "18:00", "x"))).hasSize(1);
        assertThat(faults(schedule("mon", "9:00", "18:00", "x"))).hasSize(1);
        assertThat(faults(schedule("mon", "24:00", "06:00", "x"))).hasSize(1);
        assertThat(faults(schedule("mon", "09:00", "24:01", "x"))).hasSize(1);
        assertThat(faults(schedule("mon", "09:00", "18:00", " \n"))).hasSize(1);
        assertThat(faults(schedule("mon", "09:00", "18:00", "x".repeat(1001)))).hasSize(1);
        assertThat(faults(filters(List.of("stop"), List.of("web", "whatsapp")))).isEmpty();
        assertThat(faults(filters(List.of(" "), null))).hasSize(1);
        assertThat(faults(filters(null, List.of()))).hasSize(1);
        assertThat(faults(filters(null, List.of("Web")))).hasSize(1);
    }

    private static Configuration schedule(String day, String from, String to, String text) {
        Schedule schedule = new Schedule(
                "Asia/Kolkata", List.of(new Schedule.Hours(List.of(day), from, to)), new Schedule.Outside(text, false));
        return new Configuration(null, null, null, null, null, null, null, schedule, null);
    }

    private static Configuration filters(List<String> ignore, List<String> onlyChannels) {
        return new Configuration(null, null, null, null, null, null, null, null, new Filters(ignore, onlyChannels));
    }

    private static Configuration persona(String text) {
        return new Configuration(text, null, null, null, null, null, null, null, null);
    }

    private static List<?> faults(Configuration content) {
        return List.copyOf(VALIDATOR.validate(content));
    }
}
