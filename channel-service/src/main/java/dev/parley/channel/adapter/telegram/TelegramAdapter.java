package dev.parley.channel.adapter.telegram;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.AdapterProblem;
import dev.parley.channel.adapter.Capabilities;
import dev.parley.channel.adapter.Connection;
import dev.parley.channel.adapter.InboundCall;
import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.adapter.MessengerAdapter;
import dev.parley.channel.adapter.SendOutcome;
import dev.parley.channel.adapter.TextParts;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Telegram bots by the Bot API: webhooks with a secret token in, {@code sendMessage} without formatting out. */
@ApplicationScoped
public final class TelegramAdapter implements MessengerAdapter {
    static final String SECRET_HEADER = "x-telegram-bot-api-secret-token";
    private static final String BOT_TOKEN = "bot_token";
    private static final String SECRET_TOKEN = "secret_token";
    private static final Pattern BOT_TOKEN_FORM = Pattern.compile("[0-9]{1,20}:[A-Za-z0-9_-]{1,128}");
    private static final Pattern SECRET_TOKEN_FORM = Pattern.compile("[A-Za-z0-9_-]{1,256}");
    private static final int SECRET_BYTES = 32;

    private final TelegramApi api;
    private final TelegramConfig config;
    private final TelegramUpdates updates;
    private final SecureRandom random = new SecureRandom();

    TelegramAdapter(TelegramApi api, TelegramConfig config, ObjectMapper json) {
        this.api = api;
        this.config = config;
        this.updates = new TelegramUpdates(json);
    }

    @Override
    public String type() {
        return "telegram";
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(false, false, config.longestText(), config.pace());
    }

    @Override
    public Connection identify(Map<String, String> credentials) {
        for (String name : credentials.keySet()) {
            if (!Set.of(BOT_TOKEN, SECRET_TOKEN).contains(name)) {
                throw invalid(name, "is not a credential of a Telegram bot");
            }
        }
        String token = credentials.get(BOT_TOKEN);
        if (token == null || !BOT_TOKEN_FORM.matcher(token).matches()) {
            throw invalid(BOT_TOKEN, "must be the token that @BotFather gave, like 123456:ABC-DEF");
        }
        String secret = credentials.getOrDefault(SECRET_TOKEN, newSecret());
        if (!SECRET_TOKEN_FORM.matcher(secret).matches()) {
            throw invalid(SECRET_TOKEN, "must be 1 to 256 characters of A-Z, a-z, 0-9, _ and -");
        }
        TelegramApi.Bot bot = api.identify(token);
        return new Connection(bot.id(), "@" + bot.username(), Map.of(BOT_TOKEN, token, SECRET_TOKEN, secret));
    }

    @Override
    public void register(Connection connection, String webhookUrl) {
        Map<String, String> credentials = connection.credentials();
        api.setWebhook(credentials.get(BOT_TOKEN), webhookUrl, credentials.get(SECRET_TOKEN));
    }

    @Override
    public void disconnect(Map<String, String> credentials) {
        api.deleteWebhook(credentials.get(BOT_TOKEN));
    }

    @Override
    public boolean verify(InboundCall call, Map<String, String> credentials) {
        String given = call.header(SECRET_HEADER);
        String expected = credentials.get(SECRET_TOKEN);
        return given != null
                && expected != null
                && MessageDigest.isEqual(
                        given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public List<InboundEvent> parse(InboundCall call) {
        return List.of(updates.parse(call.body()));
    }

    @Override
    public List<String> render(String reply) {
        return TextParts.split(reply, config.longestText());
    }

    @Override
    public SendOutcome send(Map<String, String> credentials, String recipient, String text) {
        return api.sendMessage(credentials.get(BOT_TOKEN), recipient, text);
    }

    private String newSecret() {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static Problem invalid(String credential, String detail) {
        return new Problem(CommonProblem.VALIDATION_FAILED)
                .detail("credentials." + credential + " " + detail)
                .with("errors", ProblemCompletion.error("/credentials/" + credential, detail));
    }

    static Problem refused(String detail) {
        return new Problem(AdapterProblem.CHANNEL_REFUSED).detail(detail);
    }
}
