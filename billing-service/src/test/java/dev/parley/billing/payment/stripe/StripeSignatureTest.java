package dev.parley.billing.payment.stripe;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.billing.payment.WebhookRefused;
import dev.parley.billing.payment.WebhookRefused.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vectors of integrations.md; the signature was made by the official library of another language. */
class StripeSignatureTest {
    private static final long SIGNED_AT = 1_700_000_000;
    private static final String V1 = "6b2caeb9a89abc34304c51d315973d2211fd3b2f7e60d1fc43ef1a6bee669a6b";
    private static final String WRONG = "0".repeat(64);
    private static final byte[] BODY =
            "{\"id\":\"evt_1\",\"object\":\"event\",\"type\":\"invoice.paid\",\"data\":{\"object\":{\"id\":\"in_1\",\"note\":\"naïve ✓ 100 €\"}}}"
                    .getBytes(StandardCharsets.UTF_8);

    private static StripeSignature at(long epochSecond, String... secrets) {
        return new StripeSignature(
                List.of(secrets),
                Duration.ofSeconds(300),
                Clock.fixed(Instant.ofEpochSecond(epochSecond), ZoneOffset.UTC));
    }

    private static String header(String... v1) {
        return "t=" + SIGNED_AT + ",v1=" + String.join(",v1=", v1);
    }

    @ParameterizedTest
    @ValueSource(longs = {-300, -1, 0, 1, 300})
    void theKnownAnswerIsAcceptedWithinFiveMinutesEitherWay(long age) {
        assertThatCode(() -> at(SIGNED_AT + age, "whsec_test_secret").verify(BODY, header(V1)))
                .doesNotThrowAnyException();
    }

    @Test
    void fiveMinutesAndOneSecondIsStale() {
        refused(Reason.STALE, SIGNED_AT + 301, BODY, header(V1));
    }

    @Test
    void fiveMinutesAndOneSecondAheadIsTheFuture() {
        refused(Reason.FUTURE, SIGNED_AT - 301, BODY, header(V1));
    }

    @Test
    void anyOfSeveralSignaturesMayMatch() {
        assertThatCode(() -> at(SIGNED_AT, "whsec_test_secret").verify(BODY, header(WRONG, V1)))
                .doesNotThrowAnyException();
    }

    @Test
    void thePreviousSecretIsStillGood() {
        assertThatCode(() -> at(SIGNED_AT, "whsec_new", "whsec_test_secret").verify(BODY, header(V1)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "t=1700000000",
                "v1=6b2caeb9a89abc34304c51d315973d2211fd3b2f7e60d1fc43ef1a6bee669a6b",
                "t=1700000001,v1=6b2caeb9a89abc34304c51d315973d2211fd3b2f7e60d1fc43ef1a6bee669a6b",
                "t=x,v1=6b2caeb9a89abc34304c51d315973d2211fd3b2f7e60d1fc43ef1a6bee669a6b",
                "t=-1,v1=6b2caeb9a89abc34304c51d315973d2211fd3b2f7e60d1fc43ef1a6bee669a6b",
                "t=99999999999999999999,v1=6b2caeb9a89abc34304c51d315973d2211fd3b2f7e60d1fc43ef1a6bee669a6b",
                "t=1700000000,v0=6b2caeb9a89abc34304c51d315973d2211fd3b2f7e60d1fc43ef1a6bee669a6b",
                "t=1700000000,v1=",
                ",,=,v1",
            })
    void aHeaderThatProvesNothingIsRefused(String header) {
        refused(Reason.BAD_SIGNATURE, SIGNED_AT, BODY, header);
    }

    @Test
    void noHeaderIsRefused() {
        refused(Reason.BAD_SIGNATURE, SIGNED_AT, BODY, null);
    }

    @Test
    void everyFlippedByteIsRefused() {
        for (int i = 0; i < BODY.length; i++) {
            byte[] changed = BODY.clone();
            changed[i] ^= 1;
            refused(Reason.BAD_SIGNATURE, SIGNED_AT, changed, header(V1));
        }
    }

    private static void refused(Reason reason, long now, byte[] body, String header) {
        assertThatThrownBy(() -> at(now, "whsec_test_secret").verify(body, header))
                .isInstanceOfSatisfying(
                        WebhookRefused.class, refused -> org.assertj.core.api.Assertions.assertThat(refused.reason())
                                .isEqualTo(reason));
    }
}
