package dev.parley.channel.adapter.whatsapp;

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
import dev.parley.channel.adapter.vendor.Secrets;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * WhatsApp numbers by the Cloud API: webhooks signed with the app's secret in, messages of the Graph API out. Free
 * words are taken for a day after the customer wrote, templates at any time.
 */
@ApplicationScoped
public final class WhatsAppAdapter implements MessengerAdapter {
    private static final Pattern NUMBER = Pattern.compile("\\+[1-9][0-9]{6,14}");
    static final String PHONE_NUMBER_ID = "phone_number_id";
    static final String ACCESS_TOKEN = "access_token";
    static final String APP_SECRET = "app_secret";
    static final String VERIFY_TOKEN = "verify_token";
    private static final String SIGNATURE_HEADER = "x-hub-signature-256";
    private static final Pattern ID = Pattern.compile("[0-9]{1,30}");
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,2000}");
    private static final Pattern SECRET = Pattern.compile("[\\x21-\\x7e]{1,256}");
    private static final int TEXT_OVER_BUTTONS = 1024;
    private static final int CAPTION = 1024;
    private static final ButtonRules BUTTONS = new ButtonRules(3, 20, 256);

    private final WhatsAppApi api;
    private final WhatsAppConfig config;
    private final WhatsAppNotifications notifications;

    WhatsAppAdapter(WhatsAppApi api, WhatsAppConfig config, ObjectMapper json, Clock clock) {
        this.api = api;
        this.config = config;
        this.notifications = new WhatsAppNotifications(json, clock);
    }

    @Override
    public String type() {
        return "whatsapp";
    }

    @Override
    public String label() {
        return "WhatsApp";
    }

    @Override
    public List<Credential> credentials() {
        return List.of(
                Credential.open(PHONE_NUMBER_ID, "Phone number id", "In Meta’s console, digits only"),
                Credential.secret(ACCESS_TOKEN, "Access token", "Of a system user, so that it does not end"),
                Credential.secret(APP_SECRET, "App secret", "Meta signs with it"));
    }

    @Override
    public Optional<Addressee> addressee(String to) {
        return NUMBER.matcher(to).matches() ? Optional.of(new Addressee(to.substring(1), to, false)) : Optional.empty();
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(false, true, config.longestText(), config.replyWindow(), true, true, BUTTONS, true);
    }

    @Override
    public Pacing pacing(Map<String, String> credentials, String recipient) {
        return new Pacing(
                new Rate(config.numberEvery(), config.numberBurst()),
                config.pace(),
                new Rate(config.pairEvery(), config.pairBurst()));
    }

    @Override
    public Connection identify(TenantId tenant, Map<String, String> credentials) {
        GivenCredentials given = new GivenCredentials(
                credentials, "a WhatsApp number", Set.of(PHONE_NUMBER_ID, ACCESS_TOKEN, APP_SECRET, VERIFY_TOKEN));
        String number = given.required(PHONE_NUMBER_ID, ID, "must be the number's id in Meta's console, digits only");
        String token = given.required(ACCESS_TOKEN, TOKEN, "must be an access token without spaces");
        String secret = given.required(APP_SECRET, SECRET, "must be the app's secret without spaces");
        String chosen = given.optional(VERIFY_TOKEN, SECRET, "must be 1 to 256 visible ASCII characters");
        String verify = chosen == null ? Secrets.random() : chosen;
        WhatsAppApi.Number found = api.identify(new WhatsAppApi.Account(number, token, secret));
        return new Connection(
                number,
                found.name(),
                Map.of(PHONE_NUMBER_ID, number, ACCESS_TOKEN, token, APP_SECRET, secret, VERIFY_TOKEN, verify),
                Map.of(VERIFY_TOKEN, verify));
    }

    /** The number gets an address of its own, which counts before its app's: an app may serve several numbers. */
    @Override
    public void register(Connection connection, String webhookUrl) {
        Map<String, String> credentials = connection.credentials();
        api.deliverTo(account(credentials), webhookUrl, credentials.get(VERIFY_TOKEN));
    }

    @Override
    public void disconnect(Map<String, String> credentials, String webhookUrl) {
        api.deliverNowhere(account(credentials), webhookUrl);
    }

    @Override
    public List<Finding> inspect(TenantId tenant, Map<String, String> credentials, String webhookUrl) {
        return new WhatsAppInspection(api).inspect(account(credentials), webhookUrl);
    }

    @Override
    public Optional<WebhookReply> handshake(InboundCall call, Map<String, String> credentials) {
        if (!"GET".equals(call.method())) {
            return Optional.empty();
        }
        String challenge = call.parameter("hub.challenge");
        boolean ours = "subscribe".equals(call.parameter("hub.mode"))
                && challenge != null
                && Secrets.same(call.parameter("hub.verify_token"), credentials.get(VERIFY_TOKEN));
        return Optional.of(ours ? WebhookReply.text("text/plain", challenge) : WebhookReply.FORBIDDEN);
    }

    @Override
    public Set<String> signingCredentials() {
        return Set.of(APP_SECRET, VERIFY_TOKEN);
    }

    @Override
    public boolean verify(InboundCall call, Map<String, String> credentials) {
        String secret = credentials.get(APP_SECRET);
        return secret != null && Secrets.same(call.header(SIGNATURE_HEADER), signature(secret, call.body()));
    }

    private static String signature(String secret, byte[] body) {
        return "sha256=" + HexFormat.of().formatHex(Secrets.hmac("HmacSHA256", secret, body));
    }

    @Override
    public List<InboundEvent> parse(InboundCall call, Map<String, String> credentials, boolean verified) {
        return notifications.parse(call.body(), credentials.get(PHONE_NUMBER_ID));
    }

    @Override
    public WebhookReply accepted() {
        return WebhookReply.EMPTY;
    }

    @Override
    public List<OutboundPart> render(OutboundReply reply) {
        return Rendering.parts(
                reply, new Rendering.Limits(config.longestText(), TEXT_OVER_BUTTONS, CAPTION, BUTTONS), Form.SIGNS);
    }

    @Override
    public SendOutcome send(Map<String, String> credentials, Outgoing message) {
        return api.send(account(credentials), message);
    }

    /** The Cloud API cannot be asked; it tells our reference back with each status. */
    @Override
    public Optional<SendOutcome> lookUp(
            Map<String, String> credentials, Outgoing message, Instant attempted, Predicate<String> known) {
        return Optional.empty();
    }

    @Override
    public InputStream fetch(Map<String, String> credentials, MediaReference media, long most) {
        return api.download(account(credentials), media, most);
    }

    private static WhatsAppApi.Account account(Map<String, String> credentials) {
        return new WhatsAppApi.Account(
                credentials.get(PHONE_NUMBER_ID), credentials.get(ACCESS_TOKEN), credentials.get(APP_SECRET));
    }
}
