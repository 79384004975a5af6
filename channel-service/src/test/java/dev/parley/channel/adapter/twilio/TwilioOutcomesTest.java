package dev.parley.channel.adapter.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.parley.channel.adapter.AdapterSettings;
import dev.parley.channel.adapter.SendOutcome;
import dev.parley.channel.adapter.SendOutcome.Refusal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TwilioOutcomesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KNOWN = "SM7";
    private static final Instant SINCE = Instant.parse("2026-11-21T10:00:00.7Z");

    @Test
    void createdIsSent() throws Exception {
        assertThat(of(201, "{\"sid\":\"SM1\",\"status\":\"queued\"}")).isEqualTo(new SendOutcome.Sent("SM1"));
    }

    @ParameterizedTest
    @CsvSource({
        "400, 21610, OPTED_OUT",
        "401, 20003, ACCOUNT",
        "401, 0, ACCOUNT",
        "400, 21606, ACCOUNT",
        "400, 21211, OTHER",
        "404, 20404, OTHER"
    })
    void aRefusalSaysWhy(int status, int code, Refusal refusal) throws Exception {
        assertThat(of(status, "{\"code\":" + code + ",\"message\":\"Words\"}"))
                .isEqualTo(new SendOutcome.Refused(refusal, code + " Words"));
    }

    @Test
    void tooManyRequestsAreRepeatedLater() throws Exception {
        assertThat(of(429, "{\"code\":20429,\"message\":\"Too Many Requests\"}"))
                .isEqualTo(new SendOutcome.Later(
                        Duration.ofSeconds(2), "20429 Too Many Requests", SendOutcome.Scope.ACCOUNT));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 500, 502, 503})
    void whatTwilioDoesNotSayIsAmbiguous(int status) throws Exception {
        assertThat(of(status, "{}")).isEqualTo(new SendOutcome.Ambiguous("status " + status));
    }

    @Test
    void aListedTextWasSent() {
        assertThat(among(SINCE.plusSeconds(5), message("SM2", "Hi ", SINCE.plusSeconds(1), "queued")))
                .contains(new SendOutcome.Sent("SM2"));
        assertThat(among(SINCE.plusSeconds(5), message("SM2", "Hi", SINCE.plusSeconds(1), "undelivered")))
                .contains(new SendOutcome.Sent("SM2"));
        assertThat(among(SINCE.plusSeconds(5), message("SM2", "Hi", SINCE.plusSeconds(1), "failed")))
                .contains(new SendOutcome.Refused(Refusal.OPTED_OUT, "failed 21610"));
    }

    @Test
    void whatWasSentBeforeOrSaysSomethingElseIsNotOurs() {
        JsonNode other = message("SM2", "Bye", SINCE.plusSeconds(1), "sent");
        JsonNode before = message("SM1", "Hi", SINCE.minusSeconds(3), "sent");

        assertThat(among(SINCE.plusSeconds(59), other, before)).isEmpty();
        assertThat(among(SINCE.plusSeconds(59), message("SM3", "Hi", SINCE.plusSeconds(1), "sent")))
                .isPresent();
        assertThat(among(SINCE.plusSeconds(61), other, before))
                .contains(new SendOutcome.Later(Duration.ofSeconds(2), "Twilio has not taken it"));
        assertThat(among(SINCE.plusSeconds(61))).containsInstanceOf(SendOutcome.Later.class);
    }

    @Test
    void ofTwoEqualTextsTheOneThatIsKnownIsAnotherSend() {
        JsonNode known = message(KNOWN, "Hi", SINCE.plusSeconds(1), "sent");

        assertThat(among(SINCE.plusSeconds(5), known)).isEmpty();
        assertThat(among(SINCE.plusSeconds(5), known, message("SM8", "Hi", SINCE, "sent")))
                .contains(new SendOutcome.Sent("SM8"));
        assertThat(among(SINCE.plusSeconds(61), known)).containsInstanceOf(SendOutcome.Later.class);
    }

    @Test
    void aTextIsRecognisedUnderTrialWordsAndInOtherSigns() {
        assertThat(among(
                        SINCE.plusSeconds(5),
                        message("SM2", "Sent from your Twilio trial account - Hi", SINCE, "sent")))
                .contains(new SendOutcome.Sent("SM2"));
        assertThat(among(SINCE.plusSeconds(5), message("SM2", "\"Hi\"", SINCE, "sent")))
                .contains(new SendOutcome.Sent("SM2"));
        assertThat(among(SINCE.plusSeconds(5), message("SM2", "Hi there", SINCE, "sent")))
                .isEmpty();
    }

    @Test
    void aFullQueueEmptiesByItself() throws Exception {
        assertThat(of(400, "{\"code\":21611,\"message\":\"Words\"}"))
                .isEqualTo(new SendOutcome.Later(Duration.ofSeconds(30), "21611 Words", SendOutcome.Scope.ACCOUNT));
    }

    @Test
    void aFullPageThatDoesNotReachBackSaysNothing() {
        JsonNode[] full = new JsonNode[TwilioOutcomes.PAGE];
        java.util.Arrays.fill(full, message("SM2", "Bye", SINCE.plusSeconds(1), "sent"));

        assertThat(among(SINCE.plusSeconds(600), full)).isEmpty();
    }

    private static Optional<SendOutcome> among(Instant now, JsonNode... messages) {
        ArrayNode list = JSON.createArrayNode();
        list.addAll(java.util.List.of(messages));
        return new TwilioOutcomes(AdapterSettings.of(TwilioConfig.class), Clock.fixed(now, ZoneOffset.UTC))
                .among(
                        list,
                        "Hi",
                        SINCE,
                        message -> !KNOWN.equals(message.path("sid").asText()));
    }

    private static JsonNode message(String sid, String body, Instant at, String status) {
        return JSON.createObjectNode()
                .put("sid", sid)
                .put("body", body)
                .put("direction", "outbound-api")
                .put("status", status)
                .put("error_code", 21610)
                .put("date_created", DateTimeFormatter.RFC_1123_DATE_TIME.format(at.atOffset(ZoneOffset.UTC)));
    }

    private static SendOutcome of(int status, String body) throws Exception {
        return new TwilioOutcomes(AdapterSettings.of(TwilioConfig.class), Clock.systemUTC())
                .of(status, JSON.readTree(body));
    }
}
