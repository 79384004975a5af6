package dev.parley.agent.prompt.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ExpectationTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void containsDoesNotMindUpperCase() {
        assertThat(passes("contains", "\"Refund\"", "We give REFUNDS.")).isTrue();
        assertThat(passes("contains", "\"refund\"", "We give money back.")).isFalse();
        assertThat(passes("not_contains", "\"refund\"", "We give money back.")).isTrue();
        assertThat(passes("not_contains", "\"refund\"", "Refund? Yes.")).isFalse();
    }

    @Test
    void aPatternMayFitAnywhereAndTakesNoTimeHoweverEvil() {
        assertThat(passes("regex", "\"\\\\b\\\\d{2} days\\\\b\"", "Within 14 days."))
                .isTrue();
        assertThat(passes("regex", "\"^\\\\d\"", "Within 14 days.")).isFalse();
        long from = System.nanoTime();
        assertThat(passes("regex", "\"(a+)+$\"", "a".repeat(50_000) + "b")).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(60));
    }

    @Test
    void lengthCountsCharactersAsPeopleDo() {
        assertThat(passes("max_length", "3", "😀😀😀")).isTrue();
        assertThat(expectation("max_length", "3").judge("abcd").detail()).isEqualTo("the reply has 4 characters");
    }

    @Test
    void aSchemaWantsTheWholeReplyToBeJson() {
        String schema = """
                {"type":"object","required":["price"],"properties":{"price":{"type":"integer"}},"additionalProperties":false}
                """;
        assertThat(passes("json_schema", schema, "{\"price\": 7}")).isTrue();
        assertThat(passes("json_schema", schema, "{\"price\": \"7\"}")).isFalse();
        assertThat(passes("json_schema", schema, "{\"price\": 7} and more")).isFalse();
        assertThat(passes("json_schema", schema, "The price is 7.")).isFalse();
        assertThat(passes("json_schema", schema, "")).isFalse();
    }

    @Test
    void whatCannotBeJudgedIsRefused() {
        assertThat(objection("sentiment", "\"happy\"")).contains("there is no expectation sentiment");
        assertThat(objection("contains", "7")).contains("contains wants a text");
        assertThat(objection("contains", "\"\"")).contains("contains wants a text");
        assertThat(objection("regex", "\"(\"")).startsWith("regex: ");
        assertThat(objection("max_length", "0")).contains("number of characters");
        assertThat(objection("max_length", "1.5")).contains("number of characters");
        assertThat(objection("json_schema", "[]")).contains("wants a schema");
        assertThat(objection("json_schema", "{\"type\":\"nonsense\",\"pattern\":\"(\"}"))
                .contains("is not a schema");
        assertThat(objection("json_schema", "{\"$ref\":\"http://127.0.0.1:1/x.json\"}"))
                .contains("another document");
        assertThat(objection("json_schema", "{\"$ref\":\"file:///etc/passwd\"}"))
                .contains("another document");
        assertThat(expectation("regex", "\"a\"").objection()).isEmpty();
        assertThat(expectation("json_schema", "{\"type\":\"array\"}").objection())
                .isEmpty();
    }

    @Test
    void aTrialCostsWhatItsRepliesCost() {
        Trial.Cost cost = new Trial.Cost(3, 4, false).plus(new Trial.Cost(10, 20, true));
        assertThat(cost).isEqualTo(new Trial.Cost(13, 24, true));
    }

    private static boolean passes(String kind, String value, String reply) {
        Expectation expectation = expectation(kind, value);
        assertThat(expectation.objection()).isEmpty();
        return expectation.judge(reply).passed();
    }

    private static String objection(String kind, String value) {
        return expectation(kind, value).objection().orElseThrow();
    }

    private static Expectation expectation(String kind, String value) {
        try {
            return new Expectation(kind, JSON.readTree(value));
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException(malformed);
        }
    }
}
