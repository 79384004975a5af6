package dev.parley.channel.adapter.telegram;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.AdapterProblem;
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
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Telegram bots by the Bot API: webhooks with a secret token in, {@code sendMessage} without formatting out. */
@ApplicationScoped
public final class TelegramAdapter implements MessengerAdapter {
    private static final Pattern CHAT = Pattern.compile("[1-9][0-9]{0,18}");
    static final String SECRET_HEADER = "x-telegram-bot-api-secret-token";
    private static final String BOT_TOKEN = "bot_token";
    private static final String SECRET_TOKEN = "secret_token";
    private static final Pattern BOT_TOKEN_FORM = Pattern.compile("[0-9]{1,20}:[A-Za-z0-9_-]{1,128}");
    private static final Pattern SECRET_TOKEN_FORM = Pattern.compile("[A-Za-z0-9_-]{1,256}");
    private static final int CAPTION = 1024;
    private static final ButtonRules BUTTONS = new ButtonRules(20, 60, 64);

    private final TelegramApi api;
    private final TelegramConfig config;
    private final TelegramUpdates updates;

    TelegramAdapter(TelegramApi api, TelegramConfig config, ObjectMapper json, Clock clock) {
        this.api = api;
        this.config = config;
        this.updates = new TelegramUpdates(json, clock);
    }

    @Override
    public String type() {
        return "telegram";
    }

    @Override
    public String label() {
        return "Telegram";
    }

    @Override
    public List<Credential> credentials() {
        return List.of(Credential.secret(BOT_TOKEN, "Bot token", "From @BotFather, such as 12345:ABC…"));
    }

    @Override
    public Optional<Addressee> addressee(String to) {
        return CHAT.matcher(to).matches() ? Optional.of(new Addressee(to, null, false)) : Optional.empty();
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(false, true, config.longestText(), null, false, false, BUTTONS, true);
    }

    @Override
    public Pacing pacing(Map<String, String> credentials, String recipient) {
        return new Pacing(
                new Rate(config.botEvery(), config.botBurst()),
                config.pace(),
                TelegramApi.isGroup(recipient) ? new Rate(config.groupEvery(), config.groupBurst()) : null);
    }

    @Override
    public Connection identify(TenantId tenant, Map<String, String> credentials) {
        GivenCredentials given = new GivenCredentials(credentials, "a Telegram bot", Set.of(BOT_TOKEN, SECRET_TOKEN));
        String token = given.required(
                BOT_TOKEN, BOT_TOKEN_FORM, "must be the token that @BotFather gave, like 123456:ABC-DEF");
        String chosen = given.optional(
                SECRET_TOKEN, SECRET_TOKEN_FORM, "must be 1 to 256 characters of A-Z, a-z, 0-9, _ and -");
        String secret = chosen == null ? Secrets.random() : chosen;
        TelegramApi.Bot bot = api.identify(token);
        return new Connection(bot.id(), "@" + bot.username(), Map.of(BOT_TOKEN, token, SECRET_TOKEN, secret));
    }

    @Override
    public void register(Connection connection, String webhookUrl) {
        Map<String, String> credentials = connection.credentials();
        api.setWebhook(credentials.get(BOT_TOKEN), webhookUrl, credentials.get(SECRET_TOKEN));
    }

    @Override
    public void disconnect(Map<String, String> credentials, String webhookUrl) {
        api.deleteWebhook(credentials.get(BOT_TOKEN), webhookUrl);
    }

    @Override
    public List<Finding> inspect(TenantId tenant, Map<String, String> credentials, String webhookUrl) {
        return new TelegramInspection(api).inspect(credentials.get(BOT_TOKEN), webhookUrl);
    }

    /** Telegram begins no handshakes. */
    @Override
    public Optional<WebhookReply> handshake(InboundCall call, Map<String, String> credentials) {
        return Optional.empty();
    }

    @Override
    public Set<String> signingCredentials() {
        return Set.of(SECRET_TOKEN);
    }

    @Override
    public boolean verify(InboundCall call, Map<String, String> credentials) {
        return Secrets.same(call.header(SECRET_HEADER), credentials.get(SECRET_TOKEN));
    }

    @Override
    public List<InboundEvent> parse(InboundCall call, Map<String, String> credentials, boolean verified) {
        return List.of(updates.parse(call.body()));
    }

    /** A pressed button shows a clock until it is answered. */
    @Override
    public boolean wantsAcknowledgement(InboundEvent event) {
        return TelegramUpdates.CALLBACK.equals(event.kind());
    }

    @Override
    public void acknowledge(Map<String, String> credentials, InboundCall call) {
        updates.callback(call.body()).ifPresent(id -> api.answerCallback(credentials.get(BOT_TOKEN), id));
    }

    /** Nothing: Telegram takes a body for a command. */
    @Override
    public WebhookReply accepted() {
        return WebhookReply.EMPTY;
    }

    @Override
    public List<OutboundPart> render(OutboundReply reply) {
        return Rendering.parts(
                reply, new Rendering.Limits(config.longestText(), config.longestText(), CAPTION, BUTTONS), Form.MARKS);
    }

    @Override
    public SendOutcome send(Map<String, String> credentials, Outgoing message) {
        return api.send(credentials.get(BOT_TOKEN), message.recipient(), message.part());
    }

    /** Telegram cannot be asked what a bot has sent. */
    @Override
    public Optional<SendOutcome> lookUp(
            Map<String, String> credentials, Outgoing message, Instant attempted, Predicate<String> known) {
        return Optional.empty();
    }

    @Override
    public InputStream fetch(Map<String, String> credentials, MediaReference media, long most) {
        return api.download(credentials.get(BOT_TOKEN), media, most);
    }

    static Problem refused(String detail) {
        return new Problem(AdapterProblem.CHANNEL_REFUSED).detail(detail);
    }
}
