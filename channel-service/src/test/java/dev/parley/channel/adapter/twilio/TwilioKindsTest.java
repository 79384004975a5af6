package dev.parley.channel.adapter.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.InboundCall;
import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.adapter.InboundMessage;
import dev.parley.channel.adapter.MediaReference;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every family of files that Twilio takes in a message, and members that nobody expects. */
class TwilioKindsTest {
    private static final String ACCOUNT = "AC" + "0".repeat(32);
    private static final String SID = "MM" + "1".repeat(32);
    private static final String FILE = "ME" + "2".repeat(32);

    private final TwilioDeliveries deliveries = new TwilioDeliveries(new ObjectMapper(), Clock.systemUTC());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "image/jpeg|image",
                "image/heic|image",
                "image/vnd.dwg|image",
                "audio/ogg|audio",
                "audio/amr-nb|audio",
                "video/mp4|video",
                "video/3gpp|video",
                "text/vcard|document",
                "text/x-vcard|document",
                "text/calendar|document",
                "text/csv|document",
                "text/directory|document",
                "application/pdf|document",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document|document",
                "hologram/solid|document",
                "nonsense|document",
                "''|document",
            })
    void everyFamilyOfFilesBecomesAMark(String type, String kind) {
        InboundMessage message = said(Map.of(
                "NumMedia",
                "1",
                "MediaContentType0",
                type,
                "MediaUrl0",
                "https://api.twilio.com/2010-04-01/Accounts/" + ACCOUNT + "/Messages/" + SID + "/Media/" + FILE));

        assertThat(message.text()).isEqualTo("[" + kind + "]");
        assertThat(message.media()).containsExactly(new MediaReference(kind, SID + "/" + FILE, type, null, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"مرحبا كيف حالك", "\u202Eevil", "😀😀👩‍👩‍👧‍👦", "a\u0001b\u0007c", "x"})
    void unusualWordsComeThroughAsTheyAre(String text) {
        assertThat(said(Map.of("Body", text)).text()).isEqualTo(text);
        assertThat(said(Map.of("Body", text.repeat(20_000))).text()).hasSize(text.length() * 20_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Latitude",
                "ReferralBody",
                "OptOutType",
                "ButtonText",
                "MessageType",
                "ChannelMetadata",
                "Hologram"
            })
    void aMemberThatNobodyKnowsChangesNothing(String name) {
        assertThat(said(Map.of("Body", "Hi", name, "{\"x\":\"y\"}")).text()).isEqualTo("Hi");
        assertThat(parse(Map.of(name, "x"))).isInstanceOfSatisfying(InboundEvent.Other.class, other -> {
            assertThat(other.id()).isEqualTo(SID);
            assertThat(other.raw()).contains(name + "=x");
        });
    }

    private InboundMessage said(Map<String, String> more) {
        return ((InboundEvent.Message) parse(more)).message();
    }

    private InboundEvent parse(Map<String, String> more) {
        Map<String, String> form = new LinkedHashMap<>(
                Map.of("MessageSid", SID, "AccountSid", ACCOUNT, "From", "+15550002", "To", "+15550001"));
        form.putAll(more);
        return deliveries
                .parse(
                        new InboundCall(
                                "POST",
                                "sms",
                                "https://x",
                                Map.of(),
                                Map.of("content-type", "application/x-www-form-urlencoded"),
                                TwilioForm.written(form)),
                        Map.of("account_sid", ACCOUNT, "phone_number", "+15550001"),
                        true)
                .getFirst();
    }
}
