package dev.parley.channel.adapter.twilio;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.Addressee;
import dev.parley.channel.adapter.ButtonRules;
import dev.parley.channel.adapter.Capabilities;
import dev.parley.channel.adapter.Connection;
import dev.parley.channel.adapter.Credential;
import dev.parley.channel.adapter.Finding;
import dev.parley.channel.adapter.InboundCall;
import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.adapter.MediaReference;
import dev.parley.channel.adapter.MessengerAdapter;
import dev.parley.channel.adapter.OutboundPart;
import dev.parley.channel.adapter.OutboundReply;
import dev.parley.channel.adapter.Outgoing;
import dev.parley.channel.adapter.Pacing;
import dev.parley.channel.adapter.Rate;
import dev.parley.channel.adapter.SendOutcome;
import dev.parley.channel.adapter.WebhookReply;
import dev.parley.channel.adapter.rendering.Form;
import dev.parley.channel.adapter.rendering.Rendering;
import dev.parley.channel.adapter.vendor.GivenCredentials;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * SMS by Twilio, from a number or a messaging service: calls signed with that account's own token in, messages with an
 * address for their statuses out. Words alone: pictures that are to be sent become their addresses.
 */
@ApplicationScoped
public final class TwilioAdapter implements MessengerAdapter {
    private static final Pattern NUMBER = Pattern.compile("\\+[1-9][0-9]{6,14}");
    static final String ACCOUNT_SID = "account_sid";
    static final String AUTH_TOKEN = "auth_token";
    static final String PHONE_NUMBER = "phone_number";
    static final String MESSAGING_SERVICE_SID = "messaging_service_sid";
    static final String SMS_PATH = "sms";
    private static final Pattern ACCOUNT_FORM = Pattern.compile("AC[0-9a-f]{32}");
    private static final Pattern SERVICE_FORM = Pattern.compile("MG[0-9a-f]{32}");
    private static final Pattern TOKEN_FORM = Pattern.compile("[\\x21-\\x7e&&[^:]]{1,128}");
    private static final Pattern NUMBER_FORM = Pattern.compile("\\+[1-9][0-9]{6,14}|[0-9]{3,8}");
    private static final WebhookReply NOTHING_TO_SAY = WebhookReply.text("text/xml", "<Response/>");

    private final TwilioApi api;
    private final TwilioMessages messages;
    private final TwilioConfig config;
    private final TwilioDeliveries deliveries;

    TwilioAdapter(TwilioApi api, TwilioMessages messages, TwilioConfig config, ObjectMapper json, Clock clock) {
        this.api = api;
        this.messages = messages;
        this.config = config;
        this.deliveries = new TwilioDeliveries(json, clock);
    }

    @Override
    public String type() {
        return "sms";
    }

    @Override
    public String accountType() {
        return "twilio";
    }

    @Override
    public Set<String> webhookPaths() {
        return Set.of(SMS_PATH, TwilioDeliveries.STATUS_PATH);
    }

    @Override
    public String label() {
        return "SMS by Twilio";
    }

    @Override
    public List<Credential> credentials() {
        return List.of(
                Credential.open(ACCOUNT_SID, "Account SID", "AC and 32 digits"),
                Credential.secret(AUTH_TOKEN, "Auth token", null),
                Credential.open(
                                PHONE_NUMBER,
                                "Phone number",
                                "With its country, such as +14155550100; or a messaging service below")
                        .optional(),
                Credential.open(MESSAGING_SERVICE_SID, "Messaging service SID", "MG and 32 digits")
                        .optional());
    }

    @Override
    public Optional<Addressee> addressee(String to) {
        return NUMBER.matcher(to).matches() ? Optional.of(new Addressee(to, to, true)) : Optional.empty();
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(false, true, config.longestText(), null, false, true, ButtonRules.NONE, false);
    }

    @Override
    public Pacing pacing(Map<String, String> credentials, String recipient) {
        boolean isLong = credentials.getOrDefault(PHONE_NUMBER, "").startsWith("+");
        return Pacing.ofAccount(
                isLong
                        ? new Rate(config.numberEvery(), config.numberBurst())
                        : new Rate(config.wideEvery(), config.wideBurst()),
                config.pace());
    }

    @Override
    public Connection identify(TenantId tenant, Map<String, String> credentials) {
        GivenCredentials given = new GivenCredentials(
                credentials, "a Twilio account", Set.of(ACCOUNT_SID, AUTH_TOKEN, PHONE_NUMBER, MESSAGING_SERVICE_SID));
        Map<String, String> kept = new HashMap<>();
        kept.put(ACCOUNT_SID, given.required(ACCOUNT_SID, ACCOUNT_FORM, "must be AC and 32 hexadecimal digits"));
        kept.put(AUTH_TOKEN, given.required(AUTH_TOKEN, TOKEN_FORM, "must be the account's auth token"));
        String number = given.optional(PHONE_NUMBER, NUMBER_FORM, "must be like +12025550123, or a short code");
        String service = given.optional(MESSAGING_SERVICE_SID, SERVICE_FORM, "must be MG and 32 hexadecimal digits");
        if ((number == null) == (service == null)) {
            throw given.invalid(PHONE_NUMBER, "or messaging_service_sid must be given, and not both");
        }
        kept.put(number == null ? MESSAGING_SERVICE_SID : PHONE_NUMBER, number == null ? service : number);
        String name = api.identify(TwilioApi.Account.of(kept));
        return new Connection(number == null ? service : number, name, Map.copyOf(kept));
    }

    @Override
    public void register(Connection connection, String webhookUrl) {
        api.deliverTo(TwilioApi.Account.of(connection.credentials()), webhookUrl + "/" + SMS_PATH);
    }

    @Override
    public void disconnect(Map<String, String> credentials, String webhookUrl) {
        api.deliverNowhere(TwilioApi.Account.of(credentials), webhookUrl + "/" + SMS_PATH);
    }

    @Override
    public List<Finding> inspect(TenantId tenant, Map<String, String> credentials, String webhookUrl) {
        return new TwilioInspection(api).inspect(TwilioApi.Account.of(credentials), webhookUrl + "/" + SMS_PATH);
    }

    /** Twilio answers the words of its own list, and sends nothing to who used one. */
    @Override
    public boolean answersOptOut() {
        return true;
    }

    /** Twilio begins no handshakes; what it asks by GET is a delivery. */
    @Override
    public Optional<WebhookReply> handshake(InboundCall call, Map<String, String> credentials) {
        return Optional.empty();
    }

    @Override
    public Set<String> signingCredentials() {
        return Set.of(AUTH_TOKEN);
    }

    @Override
    public boolean verify(InboundCall call, Map<String, String> credentials) {
        return TwilioSignature.valid(call, credentials.get(AUTH_TOKEN));
    }

    @Override
    public List<InboundEvent> parse(InboundCall call, Map<String, String> credentials, boolean verified) {
        return deliveries.parse(call, credentials, verified);
    }

    /** Twilio calls once, and once more at the fallback address; what came to neither is in its list. */
    @Override
    public List<InboundEvent> received(Map<String, String> credentials, Instant since) {
        TwilioApi.Account account = TwilioApi.Account.of(credentials);
        return messages.received(account, since).stream()
                .map(message -> deliveries.listed(
                        message,
                        "0".equals(message.path("num_media").asText("0"))
                                ? List.of()
                                : messages.media(account, message.path("sid").asText())))
                .toList();
    }

    @Override
    public boolean listsReceived() {
        return true;
    }

    /** An empty document: what there is to say comes later, as a message of its own. */
    @Override
    public WebhookReply accepted() {
        return NOTHING_TO_SAY;
    }

    @Override
    public List<OutboundPart> render(OutboundReply reply) {
        return Rendering.parts(reply, Rendering.Limits.words(config.longestText()), Form.WORDS);
    }

    @Override
    public SendOutcome send(Map<String, String> credentials, Outgoing message) {
        return messages.send(TwilioApi.Account.of(credentials), message);
    }

    @Override
    public Optional<SendOutcome> lookUp(
            Map<String, String> credentials, Outgoing message, Instant attempted, Predicate<String> known) {
        return messages.lookUp(TwilioApi.Account.of(credentials), message, attempted, known);
    }

    @Override
    public Duration listedAfter() {
        return config.listedAfter();
    }

    @Override
    public InputStream fetch(Map<String, String> credentials, MediaReference media, long most) {
        return messages.download(TwilioApi.Account.of(credentials), media);
    }
}
