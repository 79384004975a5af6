package dev.parley.simulators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.twilio.exception.ApiException;
import com.twilio.http.HttpClient;
import com.twilio.http.HttpMethod;
import com.twilio.http.Request;
import com.twilio.http.Response;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.Account;
import com.twilio.rest.api.v2010.account.IncomingPhoneNumber;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.rest.messaging.v1.Service;
import com.twilio.security.RequestValidator;
import com.twilio.type.PhoneNumber;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Twilio's own client as the judge of the simulated API, and its validator as the judge of the calls. */
class TwilioClientTest {

    private static final World WORLD = new World();
    private static final String TOKEN = "a-token-of-the-account";
    private static final String CUSTOMER = "+16505551234";
    private static int accounts;

    private String account;
    private String number;
    private TwilioRestClient client;

    @AfterAll
    static void close() {
        WORLD.close();
    }

    @BeforeEach
    void reset() {
        WORLD.reset();
        account = "AC%032x".formatted(++accounts);
        number = "+1555000%04d".formatted(accounts);
        WORLD.control(
                "PUT",
                "/twilio/accounts/" + account,
                "{\"auth_token\":\"" + TOKEN + "\",\"numbers\":[\"" + number + "\"]}");
        client = new TwilioRestClient.Builder(account, TOKEN)
                .httpClient(new AtTheSimulators())
                .build();
    }

    @Test
    void anAccountIntroducesItselfAndItsNumbersTakeAnAddress() {
        assertThat(Account.fetcher(account).fetch(client).getStatus()).isEqualTo(Account.Status.ACTIVE);
        IncomingPhoneNumber found = IncomingPhoneNumber.reader()
                .setPhoneNumber(new PhoneNumber(number))
                .read(client)
                .iterator()
                .next();

        IncomingPhoneNumber.updater(found.getSid())
                .setSmsUrl(URI.create("https://x.example/sms"))
                .setSmsMethod(HttpMethod.POST)
                .update(client);

        assertThat(IncomingPhoneNumber.reader().read(client).iterator().next().getSmsUrl())
                .isEqualTo(URI.create("https://x.example/sms"));
        assertThat(found.getCapabilities().getSms()).isTrue();
        TwilioRestClient stranger = new TwilioRestClient.Builder(account, "wrong")
                .httpClient(new AtTheSimulators())
                .build();
        assertThatThrownBy(() -> Account.fetcher(account).fetch(stranger))
                .isInstanceOfSatisfying(ApiException.class, refused -> assertThat(refused.getCode())
                        .isEqualTo(20003));
    }

    @Test
    void messagesAreSentListedFetchedAndFollowedToTheirEnd() {
        Message sent = Message.creator(new PhoneNumber(CUSTOMER), new PhoneNumber(number), "Hello ✓")
                .setStatusCallback(URI.create(WORLD.receiverUrl() + "/status?ref=7"))
                .create(client);

        assertThat(sent.getSid()).matches("SM[0-9a-f]{32}");
        assertThat(sent.getStatus()).isEqualTo(Message.Status.QUEUED);
        List<World.Received> told = WORLD.awaitReceived(2);
        assertThat(told)
                .extracting(call -> form(call.body()).get("MessageStatus"))
                .containsExactly("sent", "delivered");
        assertThat(told).allSatisfy(call -> assertThat(new RequestValidator(TOKEN)
                        .validate(
                                WORLD.receiverUrl() + "/status?ref=7",
                                form(call.body()),
                                call.headers().get("x-twilio-signature")))
                .isTrue());
        List<Message> listed = new ArrayList<>();
        Message.reader().setTo(new PhoneNumber(CUSTOMER)).read(client).forEach(listed::add);
        assertThat(listed).extracting(Message::getBody).containsExactly("Hello ✓");
        assertThat(listed.getFirst().getDateCreated()).isNotNull();
        assertThat(Message.fetcher(sent.getSid()).fetch(client).getStatus()).isEqualTo(Message.Status.DELIVERED);
        assertThat(Message.reader()
                        .setTo(new PhoneNumber("+19999999999"))
                        .read(client)
                        .iterator()
                        .hasNext())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"me, 5, 21211", "+16505551234, 0, 21602", "+16505551234, 1601, 21617"})
    void whatTwilioRefusesIsRefused(String to, int length, int code) {
        assertThatThrownBy(() -> Message.creator(new PhoneNumber(to), new PhoneNumber(number), "x".repeat(length))
                        .create(client))
                .isInstanceOfSatisfying(ApiException.class, refused -> assertThat(refused.getCode())
                        .isEqualTo(code));
        assertThatThrownBy(() -> Message.creator(new PhoneNumber(CUSTOMER), new PhoneNumber("+15559999999"), "x")
                        .create(client))
                .isInstanceOfSatisfying(ApiException.class, refused -> assertThat(refused.getCode())
                        .isEqualTo(21606));
    }

    @ParameterizedTest
    @CsvSource({"POST, false", "GET, false", "POST, true"})
    void whatCustomersWriteComesSignedInEveryForm(String method, boolean json) throws Exception {
        String url = WORLD.receiverUrl() + "/webhooks/twilio/1/sms";
        takeMessagesAt(url);

        write("{\"from\":\"%s\",\"to\":\"%s\",\"body\":\"naïve ✓ 😀\",\"method\":\"%s\",\"json\":%s}"
                .formatted(CUSTOMER, number, method, json));

        World.Received call = WORLD.awaitReceived(1).getFirst();
        String signature = call.headers().get("x-twilio-signature");
        RequestValidator validator = new RequestValidator(TOKEN);
        if (json) {
            assertThat(validator.validate(url + "?" + call.query(), call.body(), signature))
                    .isTrue();
            assertThat(call.json().getString("Body")).isEqualTo("naïve ✓ 😀");
        } else if (method.equals("GET")) {
            assertThat(validator.validate(url + "?" + call.query(), Map.of(), signature))
                    .isTrue();
            assertThat(form(call.query())).containsEntry("Body", "naïve ✓ 😀");
        } else {
            assertThat(validator.validate(url, form(call.body()), signature)).isTrue();
            assertThat(form(call.body())).containsEntry("Body", "naïve ✓ 😀").containsEntry("AccountSid", account);
        }
    }

    @Test
    void aCallThatFailsIsNotRepeatedAndAForgedOneIsSignedWrongly() {
        String url = WORLD.receiverUrl() + "/webhooks/twilio/1/sms";
        takeMessagesAt(url);
        WORLD.answerWith(500);

        write("{\"from\":\"" + CUSTOMER + "\",\"to\":\"" + number + "\",\"body\":\"x\"}");
        write("{\"from\":\"" + CUSTOMER + "\",\"to\":\"" + number + "\",\"body\":\"y\",\"auth_token\":\"forged\"}");

        World.Received forged = WORLD.awaitReceived(2).get(1);
        assertThat(form(forged.body())).containsEntry("Body", "y");
        assertThat(new RequestValidator(TOKEN)
                        .validate(url, form(forged.body()), forged.headers().get("x-twilio-signature")))
                .isFalse();
    }

    @Test
    void aCallThatFailsIsMadeOnceMoreToTheFallbackAddress() {
        IncomingPhoneNumber found = IncomingPhoneNumber.reader()
                .setPhoneNumber(new PhoneNumber(number))
                .read(client)
                .iterator()
                .next();
        IncomingPhoneNumber.updater(found.getSid())
                .setSmsUrl(URI.create(WORLD.receiverUrl() + "/sms"))
                .setSmsFallbackUrl(URI.create(WORLD.receiverUrl() + "/other"))
                .update(client);
        WORLD.answerWith(503, 503);

        WORLD.control(
                "POST",
                "/twilio/accounts/" + account + "/messages",
                "{\"from\":\"" + CUSTOMER + "\",\"to\":\"" + number + "\",\"body\":\"Hi\"}");

        assertThat(WORLD.awaitReceived(2)).extracting(World.Received::path).containsExactly("/sms", "/other");
        assertThat(WORLD.awaitReceived(2).getLast().body()).contains("ErrorCode=11200");
    }

    @Test
    void whoSaysStopGetsNothingUntilTheySayStart() {
        write("{\"from\":\"" + CUSTOMER + "\",\"to\":\"" + number + "\",\"body\":\" stop \"}");
        assertThatThrownBy(() -> send("x"))
                .isInstanceOfSatisfying(ApiException.class, refused -> assertThat(refused.getCode())
                        .isEqualTo(21610));

        write("{\"from\":\"" + CUSTOMER + "\",\"to\":\"" + number + "\",\"body\":\"START\"}");
        assertThat(send("x").getSid()).isNotNull();
    }

    @Test
    void aMessageMayBeTakenAndItsAnswerLost() {
        WORLD.control(
                "PUT", "/faults/twilio", "{\"status\":500,\"after\":true,\"path\":\"/Messages.json\",\"times\":1}");

        HttpResponse<String> lost = WORLD.form(
                "/twilio/2010-04-01/Accounts/" + account + "/Messages.json",
                Map.of("To", CUSTOMER, "From", number, "Body", "lost"),
                "authorization",
                basic());

        assertThat(lost.statusCode()).isEqualTo(500);

        assertThat(Message.reader().setTo(new PhoneNumber(CUSTOMER)).read(client))
                .extracting(Message::getBody)
                .containsExactly("lost");
    }

    @Test
    void filesAreElsewhere() {
        String url = WORLD.receiverUrl() + "/webhooks/twilio/1/sms";
        takeMessagesAt(url);
        write("{\"from\":\"" + CUSTOMER + "\",\"to\":\"" + number + "\",\"body\":\"look\",\"media\":[\"image/png\"]}");
        Map<String, String> form = form(WORLD.awaitReceived(1).getFirst().body());
        String path = URI.create(form.get("MediaUrl0")).getPath();

        HttpResponse<String> moved = WORLD.send("GET", "/twilio" + path, null, "authorization", basic());

        assertThat(form).containsEntry("NumMedia", "1").containsEntry("MediaContentType0", "image/png");
        assertThat(moved.statusCode()).isEqualTo(307);
        HttpResponse<String> file =
                WORLD.send("GET", moved.headers().firstValue("location").orElseThrow(), null);
        assertThat(file.statusCode()).isEqualTo(200);
        assertThat(file.headers().firstValue("content-type")).contains("image/png");
        assertThat(WORLD.send("GET", "/twilio" + path, null).statusCode()).isEqualTo(401);
    }

    @Test
    void aMessagingServiceTakesAnAddressToo() {
        String service = "MG" + "0".repeat(32);
        WORLD.control("PUT", "/twilio/accounts/" + account, "{\"services\":[\"" + service + "\"]}");

        Service.updater(service)
                .setInboundRequestUrl(URI.create(WORLD.receiverUrl() + "/sms"))
                .update(client);
        write("{\"from\":\"" + CUSTOMER + "\",\"to\":\"" + number + "\",\"body\":\"x\"}");

        assertThat(Service.fetcher(service).fetch(client).getInboundRequestUrl())
                .isEqualTo(URI.create(WORLD.receiverUrl() + "/sms"));
        assertThat(form(WORLD.awaitReceived(1).getFirst().body())).containsEntry("MessagingServiceSid", service);
        assertThat(Message.creator(new PhoneNumber(CUSTOMER), service, "by the service")
                        .create(client)
                        .getStatus())
                .isEqualTo(Message.Status.ACCEPTED);
    }

    private Message send(String body) {
        return Message.creator(new PhoneNumber(CUSTOMER), new PhoneNumber(number), body)
                .create(client);
    }

    private void takeMessagesAt(String url) {
        IncomingPhoneNumber found =
                IncomingPhoneNumber.reader().read(client).iterator().next();
        IncomingPhoneNumber.updater(found.getSid()).setSmsUrl(URI.create(url)).update(client);
    }

    private JsonObject write(String wish) {
        return WORLD.control("POST", "/twilio/accounts/" + account + "/messages", wish);
    }

    private String basic() {
        return "Basic "
                + java.util.Base64.getEncoder()
                        .encodeToString((account + ":" + TOKEN).getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, String> form(String text) {
        Map<String, String> form = new TreeMap<>();
        for (String pair : text.split("&")) {
            String[] parts = pair.split("=", 2);
            form.put(
                    URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                    URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return form;
    }

    /** Twilio's client knows only its own hosts; everything else of it is as it is. */
    private static final class AtTheSimulators extends HttpClient {

        @Override
        public Response makeRequest(Request request) {
            URI uri = URI.create(request.constructURL().toString());
            String path = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
            boolean post = request.getMethod() == HttpMethod.POST;
            HttpResponse<String> answer = post
                    ? WORLD.send(
                            "POST",
                            "/twilio" + path,
                            request.encodeFormBody(),
                            "authorization",
                            request.getAuthString(),
                            "content-type",
                            "application/x-www-form-urlencoded")
                    : WORLD.send("GET", "/twilio" + path, null, "authorization", request.getAuthString());
            return new Response(answer.body(), answer.statusCode());
        }
    }
}
