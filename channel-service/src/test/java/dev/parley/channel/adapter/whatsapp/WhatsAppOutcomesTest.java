package dev.parley.channel.adapter.whatsapp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.AdapterSettings;
import dev.parley.channel.adapter.SendOutcome;
import dev.parley.channel.adapter.SendOutcome.Refusal;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WhatsAppOutcomesTest {
    private final WhatsAppOutcomes outcomes = new WhatsAppOutcomes(AdapterSettings.of(WhatsAppConfig.class));

    @Test
    void acceptedIsSent() throws Exception {
        assertThat(of(200, "{\"messages\":[{\"id\":\"wamid.A\",\"message_status\":\"accepted\"}]}"))
                .isEqualTo(new SendOutcome.Sent("wamid.A"));
    }

    @ParameterizedTest
    @CsvSource({
        "130429, 2, ACCOUNT",
        "131000, 2, MESSAGE",
        "131016, 2, MESSAGE",
        "131057, 2, ACCOUNT",
        "133004, 2, MESSAGE",
        "4, 600, ACCOUNT",
        "80007, 600, ACCOUNT",
        "131048, 600, ACCOUNT",
        "133016, 600, ACCOUNT"
    })
    void whatMetaSaysItDidNotTakeIsTriedLater(int code, int seconds, SendOutcome.Scope scope) throws Exception {
        SendOutcome later = new SendOutcome.Later(Duration.ofSeconds(seconds), code + " Words: why", scope);

        assertThat(of(400, error(code))).isEqualTo(later);
        assertThat(of(500, error(code))).isEqualTo(later);
    }

    @Test
    void onePersonsLimitTakesSixSeconds() throws Exception {
        assertThat(of(400, error(131056))).isEqualTo(new SendOutcome.Later(Duration.ofSeconds(6), "131056 Words: why"));
    }

    @ParameterizedTest
    @CsvSource({
        "131047, WINDOW_CLOSED", "131050, OPTED_OUT", "190, ACCOUNT", "0, ACCOUNT", "10, ACCOUNT", "200, ACCOUNT",
        "299, ACCOUNT", "131031, ACCOUNT", "133010, ACCOUNT", "131026, OTHER", "131051, OTHER", "100, OTHER",
        "132001, OTHER"
    })
    void whatNeverSucceedsIsRefusedAndSaysWhy(int code, Refusal refusal) throws Exception {
        assertThat(of(400, error(code))).isEqualTo(new SendOutcome.Refused(refusal, code + " Words: why"));
        assertThat(of(401, error(code))).isEqualTo(new SendOutcome.Refused(refusal, code + " Words: why"));
    }

    @Test
    void whatMetaDoesNotSayIsAmbiguous() throws Exception {
        assertThat(of(502, "{}")).isEqualTo(new SendOutcome.Ambiguous("status 502"));
        assertThat(of(200, "{}")).isEqualTo(new SendOutcome.Ambiguous("status 200"));
        assertThat(of(500, error(1))).isEqualTo(new SendOutcome.Ambiguous("1 Words: why"));
        assertThat(of(400, error(1))).isEqualTo(new SendOutcome.Ambiguous("1 Words: why"));
        assertThat(of(503, error(2))).isInstanceOf(SendOutcome.Ambiguous.class);
        assertThat(of(500, error(131026))).isInstanceOf(SendOutcome.Ambiguous.class);
    }

    @Test
    void aClosedWindowIsOneWhateverTheStatus() throws Exception {
        assertThat(of(500, error(131047)))
                .isEqualTo(new SendOutcome.Refused(Refusal.WINDOW_CLOSED, "131047 Words: why"));
        assertThat(of(429, "{}")).isInstanceOf(SendOutcome.Later.class);
        assertThat(of(404, "{}")).isEqualTo(new SendOutcome.Refused("status 404"));
    }

    private SendOutcome of(int status, String body) throws Exception {
        return outcomes.of(status, new ObjectMapper().readTree(body));
    }

    private static String error(int code) {
        return "{\"error\":{\"message\":\"Words\",\"type\":\"OAuthException\",\"code\":" + code
                + ",\"error_data\":{\"details\":\"why\"}}}";
    }
}
