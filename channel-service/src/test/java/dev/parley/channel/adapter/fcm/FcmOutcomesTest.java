package dev.parley.channel.adapter.fcm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.AdapterSettings;
import dev.parley.channel.adapter.PushOutcome;
import dev.parley.channel.adapter.vendor.VendorHttp;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FcmOutcomesTest {
    private static final Instant NOW = Instant.parse("2026-11-22T03:00:00Z");
    private final FcmOutcomes outcomes =
            new FcmOutcomes(AdapterSettings.of(FcmConfig.class), new ObjectMapper(), Clock.fixed(NOW, ZoneOffset.UTC));

    @ParameterizedTest
    @CsvSource({
        "404,NOT_FOUND,UNREGISTERED,Gone[reason=404 UNREGISTERED: Words]",
        "404,NOT_FOUND,,Gone[reason=404 NOT_FOUND: Words]",
        "403,PERMISSION_DENIED,SENDER_ID_MISMATCH,'Refused[account=true, reason=403 SENDER_ID_MISMATCH: Words]'",
        "401,UNAUTHENTICATED,THIRD_PARTY_AUTH_ERROR,'Refused[account=true, reason=401 THIRD_PARTY_AUTH_ERROR: Words]'",
        "400,INVALID_ARGUMENT,INVALID_ARGUMENT,'Refused[account=false, reason=400 INVALID_ARGUMENT: Words]'",
        "429,RESOURCE_EXHAUSTED,QUOTA_EXCEEDED,'Later[after=PT1M, account=true, reason=429 QUOTA_EXCEEDED: Words]'",
        "503,UNAVAILABLE,UNAVAILABLE,'Later[after=PT10S, account=true, reason=503 UNAVAILABLE: Words]'",
        "401,UNAUTHENTICATED,,'Later[after=PT5M, account=true, reason=401 UNAUTHENTICATED: Words]'",
        "403,PERMISSION_DENIED,,'Later[after=PT5M, account=true, reason=403 PERMISSION_DENIED: Words]'",
        "500,INTERNAL,INTERNAL,Unknown[reason=500 INTERNAL: Words]"
    })
    void eachRefusalHasItsMeaning(int status, String google, String code, String outcome) {
        assertThat(outcomes.of(answer(status, Map.of(), error(google, code)))).hasToString(outcome);
    }

    @Test
    void onlyAnArgumentThatIsTheTokenEndsADevice() {
        String ofToken = "{\"error\":{\"message\":\"Words\",\"status\":\"INVALID_ARGUMENT\",\"details\":["
                + "{\"@type\":\"type.googleapis.com/google.rpc.BadRequest\","
                + "\"fieldViolations\":[{\"field\":\"message.token\"}]}]}}";

        assertThat(outcomes.of(answer(400, Map.of(), ofToken))).isInstanceOf(PushOutcome.Gone.class);
        assertThat(outcomes.of(answer(400, Map.of(), ofToken.replace("message.token", "message.data"))))
                .isInstanceOf(PushOutcome.Refused.class);
        assertThat(outcomes.of(answer(
                        400,
                        Map.of(),
                        "{\"error\":{\"status\":\"INVALID_ARGUMENT\",\"message\":\"The registration token is not a"
                                + " valid FCM registration token\"}}")))
                .isInstanceOf(PushOutcome.Gone.class);
    }

    @Test
    void theQuotaOfOneDeviceRestsNoOther() {
        String ofDevice = error("RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED")
                .replace(
                        "]}}",
                        ",{\"@type\":\"type.googleapis.com/google.rpc.QuotaFailure\",\"violations\":["
                                + "{\"subject\":\"x\",\"description\":\"Device message rate exceeded\"}]}]}}");

        assertThat(outcomes.of(answer(429, Map.of(), ofDevice)))
                .isEqualTo(new PushOutcome.Later(Duration.ofMinutes(1), false, "429 QUOTA_EXCEEDED: Words"));
        assertThat(outcomes.of(answer(429, Map.of(), ofDevice.replace("Device message", "Message"))))
                .isEqualTo(new PushOutcome.Later(Duration.ofMinutes(1), true, "429 QUOTA_EXCEEDED: Words"));
    }

    @Test
    void aPageThatIsNotFirebasesEndsNoDevice() {
        assertThat(outcomes.of(answer(404, Map.of(), "<title>Error 404</title>")))
                .isEqualTo(new PushOutcome.Refused(true, "404"));
    }

    @ParameterizedTest
    @CsvSource({
        "30,PT30S",
        "0,PT1S",
        "86400,PT15M",
        "99999999999999999999,PT1M",
        "'Sun, 22 Nov 2026 03:02:00 GMT',PT2M",
        "'Sun, 22 Nov 2026 02:00:00 GMT',PT1S",
        "soon,PT1M"
    })
    void aRetryAfterIsObeyedWithinReason(String header, Duration after) {
        assertThat(outcomes.of(answer(429, Map.of("retry-after", header), error("RESOURCE_EXHAUSTED", null))))
                .isEqualTo(new PushOutcome.Later(after, true, "429 RESOURCE_EXHAUSTED: Words"));
    }

    @Test
    void whatNeverLeftIsTriedAgainAndWhatMayHaveArrivedIsNot() {
        assertThat(outcomes.of(new VendorHttp.NotSent("no connection")))
                .isEqualTo(new PushOutcome.Later(Duration.ofSeconds(10), false, "no connection"));
        assertThat(outcomes.of(new VendorHttp.Unanswered("cut"))).isEqualTo(new PushOutcome.Unknown("cut"));
        assertThat(outcomes.of(answer(200, Map.of(), "{\"name\":\"x\"}"))).isEqualTo(new PushOutcome.Sent());
    }

    @Test
    void onlyARefusedAccessTokenIsReplaced() {
        assertThat(outcomes.wantsNewToken(answer(401, Map.of(), error("UNAUTHENTICATED", null))))
                .isTrue();
        assertThat(outcomes.wantsNewToken(answer(401, Map.of(), error("UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR"))))
                .isFalse();
        assertThat(outcomes.wantsNewToken(answer(403, Map.of(), error("PERMISSION_DENIED", null))))
                .isFalse();
    }

    private static String error(String google, String code) {
        return "{\"error\":{\"message\":\"Words\",\"status\":\"" + google + "\""
                + (code == null
                        ? ""
                        : ",\"details\":[{\"@type\":\"type.googleapis.com/google.firebase.fcm.v1.FcmError\","
                                + "\"errorCode\":\"" + code + "\"}]")
                + "}}";
    }

    private static VendorHttp.Response answer(int status, Map<String, String> headers, String body) {
        return new VendorHttp.Response(status, headers, body.getBytes(StandardCharsets.UTF_8));
    }
}
