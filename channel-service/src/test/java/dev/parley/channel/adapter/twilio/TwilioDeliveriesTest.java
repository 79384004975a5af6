package dev.parley.channel.adapter.twilio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.DeliveryStatus;
import dev.parley.channel.adapter.InboundCall;
import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.adapter.InboundMessage;
import dev.parley.channel.adapter.MediaReference;
import dev.parley.channel.adapter.SendOutcome.Refusal;
import dev.parley.channel.adapter.Sender;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TwilioDeliveriesTest {
    private static final String ACCOUNT = "AC" + "0".repeat(32);
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Map<String, String> CREDENTIALS =
            Map.of("account_sid", ACCOUNT, "auth_token", "t", "phone_number", "+15550001");
    private static final String START = "AccountSid=" + ACCOUNT + "&To=%2B15550001&From=%2B15550002&MessageSid=SM01";

    private final TwilioDeliveries deliveries =
            new TwilioDeliveries(new ObjectMapper(), Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void aTextCarriesNumberAndWords() {
        assertThat(sms(START + "&Body=Hi+%E2%9C%93&NumMedia=0"))
                .isEqualTo(new InboundEvent.Message(
                        "SM01",
                        "sms",
                        new InboundMessage(
                                "+15550002",
                                new Sender("+15550002", null, null, null, "+15550002"),
                                "Hi ✓",
                                NOW,
                                0,
                                List.of(),
                                null)));
    }

    @Test
    void picturesAreReferredToByTheirPlaceAtTwilio() {
        String place = "MM" + "1".repeat(32) + "/Media/ME" + "2".repeat(32);
        InboundEvent event = sms(START + "&Body=look&NumMedia=3&MediaContentType0=image%2Fjpeg&MediaUrl0="
                + TwilioForm.encoded("https://api.twilio.com/2010-04-01/Accounts/" + ACCOUNT + "/Messages/" + place)
                + "&MediaContentType1=text%2Fvcard&MediaUrl1="
                + TwilioForm.encoded("https://elsewhere.example/Messages/" + place)
                + "&MediaContentType2=image%2Fpng&MediaUrl2=" + TwilioForm.encoded("https://evil.example/x"));

        assertThat(event).isInstanceOfSatisfying(InboundEvent.Message.class, message -> {
            assertThat(message.kind()).isEqualTo("mms");
            assertThat(message.message().text()).isEqualTo("[image] [document] look");
            assertThat(message.message().media())
                    .containsExactly(
                            new MediaReference("image", place.replace("/Media/", "/"), "image/jpeg", null, null),
                            new MediaReference("document", place.replace("/Media/", "/"), "text/vcard", null, null));
        });
    }

    @Test
    void theAddressAndJsonAreReadAsWell() {
        InboundCall got = new InboundCall(
                "GET",
                "sms",
                "https://x",
                Map.of(
                        "AccountSid", List.of(ACCOUNT),
                        "To", List.of("+15550001"),
                        "From", List.of("+15550002"),
                        "MessageSid", List.of("SM01"),
                        "Body", List.of("Hi")),
                Map.of(),
                new byte[0]);
        InboundCall posted = new InboundCall(
                "POST",
                "sms",
                "https://x",
                Map.of("bodySHA256", List.of("…")),
                Map.of("content-type", "application/json"),
                ("{\"AccountSid\":\"" + ACCOUNT
                                + "\",\"To\":\"+15550001\",\"From\":\"+15550002\",\"MessageSid\":\"SM01\",\"Body\":\"Hi\",\"X\":null}")
                        .getBytes(StandardCharsets.UTF_8));

        assertThat(deliveries.parse(got, CREDENTIALS, true)).isEqualTo(deliveries.parse(posted, CREDENTIALS, true));
        assertThat(deliveries.parse(got, CREDENTIALS, true)).singleElement().isInstanceOf(InboundEvent.Message.class);
    }

    @ParameterizedTest
    @CsvSource({
        "sent, SENT",
        "delivered, DELIVERED",
        "read, READ",
        "failed, FAILED",
        "undelivered, FAILED",
        "canceled, FAILED"
    })
    void statusesSayHowFarAMessageCame(String word, DeliveryStatus reached) {
        UUID reference = UUID.randomUUID();

        assertThat(status(
                        "MessageSid=SM01&AccountSid=" + ACCOUNT + "&ErrorCode=30003&MessageStatus=" + word, reference))
                .isEqualTo(new InboundEvent.Status(
                        "SM01:" + word,
                        "status-" + word,
                        "SM01",
                        reached,
                        NOW,
                        reached == DeliveryStatus.FAILED ? "30003 " + word : null,
                        reference,
                        Refusal.OTHER));
    }

    @ParameterizedTest
    @ValueSource(strings = {"queued", "sending", "accepted", "scheduled", "partially_delivered", ""})
    void stepsInBetweenAreOnlyKept(String word) {
        assertThat(status("MessageSid=SM01&AccountSid=" + ACCOUNT + "&MessageStatus=" + word, UUID.randomUUID()))
                .isInstanceOf(InboundEvent.Other.class);
    }

    @Test
    void aLateWordThatTheCustomerWantsNothingMoreIsTold() {
        assertThat(status(
                        "MessageSid=SM01&AccountSid=" + ACCOUNT + "&ErrorCode=21610&MessageStatus=failed",
                        UUID.randomUUID()))
                .extracting(event -> ((InboundEvent.Status) event).refusal())
                .isEqualTo(Refusal.OPTED_OUT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AccountSid=AC1&To=%2B15550001&From=%2B15550002&MessageSid=SM01&Body=x",
                "AccountSid=AC00000000000000000000000000000000&To=%2B15559999&From=%2B15550002&MessageSid=SM01&Body=x",
                "AccountSid=AC00000000000000000000000000000000&To=whatsapp%3A%2B15550001&From=%2B15550002&MessageSid=SM01&Body=x",
                "To=%2B15550001&From=%2B15550002&MessageSid=SM01&Body=x",
            })
    void whatWasSignedForTheAccountIsTakenWhateverItSaysAndOfTheRestNothingIsBelieved(String form) {
        assertThat(sms(form)).isInstanceOf(InboundEvent.Message.class);
        assertThat(deliveries
                        .parse(form("sms", form, Map.of()), CREDENTIALS, false)
                        .getFirst())
                .isInstanceOfSatisfying(InboundEvent.Other.class, other -> {
                    assertThat(other.id()).isEqualTo("SM01");
                    assertThat(other.raw()).contains("Body=x");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AccountSid=AC00000000000000000000000000000000&To=%2B15550001&MessageSid=SM01&Body=x",
                "AccountSid=AC00000000000000000000000000000000&To=%2B15550001&From=%2B15550002&MessageSid=SM01&Body=+%0A",
                "AccountSid=AC00000000000000000000000000000000&To=%2B15550001&From=%2B15550002&MessageSid=SM01",
            })
    void whatSaysNothingIsOnlyKept(String form) {
        assertThat(sms(form)).isInstanceOfSatisfying(InboundEvent.Other.class, other -> assertThat(other.id())
                .isEqualTo("SM01"));
    }

    @Test
    void whatComesByAnotherChannelOfTwiliosIsFromTheSameNumber() {
        assertThat(sms("MessageSid=SM01&From=whatsapp%3A%2B15550002&Body=Hi"))
                .extracting(event -> ((InboundEvent.Message) event).message())
                .satisfies(message -> {
                    assertThat(message.thread()).isEqualTo("whatsapp:+15550002");
                    assertThat(message.sender().phone()).isEqualTo("+15550002");
                });
    }

    @Test
    void aMessageOfTwiliosListIsTheSameMessage() throws Exception {
        String sid = "SM" + "1".repeat(32);
        JsonNode listed = new ObjectMapper().readTree("""
                {"sid":"%s","from":"+15550002","body":"look","date_created":"Sat, 21 Nov 2026 09:58:00 +0000"}
                """.formatted(sid));
        JsonNode file = new ObjectMapper().readTree("""
                {"sid":"ME%s","content_type":"image/jpeg"}
                """.formatted("2".repeat(32)));

        assertThat(deliveries.listed(listed, List.of(file)))
                .isEqualTo(new InboundEvent.Message(
                        sid,
                        "mms",
                        new InboundMessage(
                                "+15550002",
                                new Sender("+15550002", null, null, null, "+15550002"),
                                "[image] look",
                                Instant.parse("2026-11-21T09:58:00Z"),
                                0,
                                List.of(new MediaReference(
                                        "image", sid + "/ME" + "2".repeat(32), "image/jpeg", null, null)),
                                null)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Body=x", "MessageSid=", "MessageSid=%2F..%2F", "MessageSid=SM1&Body=%zz"})
    void whatIsNoMessageIsRefused(String form) {
        assertThatThrownBy(() -> sms(form)).isInstanceOf(IllegalArgumentException.class);
    }

    private InboundEvent sms(String form) {
        return deliveries.parse(form("sms", form, Map.of()), CREDENTIALS, true).getFirst();
    }

    private InboundEvent status(String form, UUID reference) {
        return deliveries
                .parse(form("status", form, Map.of("ref", List.of(reference.toString()))), CREDENTIALS, true)
                .getFirst();
    }

    private static InboundCall form(String path, String form, Map<String, List<String>> query) {
        return new InboundCall(
                "POST",
                path,
                "https://x",
                query,
                Map.of("content-type", "application/x-www-form-urlencoded; charset=UTF-8"),
                form.getBytes(StandardCharsets.UTF_8));
    }
}
