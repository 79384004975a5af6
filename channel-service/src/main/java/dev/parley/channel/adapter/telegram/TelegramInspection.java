package dev.parley.channel.adapter.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.channel.adapter.Finding;
import dev.parley.platform.problem.Problem;
import java.util.ArrayList;
import java.util.List;

/** Looks at a bot and its webhook as Telegram knows them. */
final class TelegramInspection {
    private static final String CREDENTIALS = "credentials";
    private static final String WEBHOOK = "webhook";
    private static final int MANY_WAITING = 20;

    private final TelegramApi api;

    TelegramInspection(TelegramApi api) {
        this.api = api;
    }

    List<Finding> inspect(String token, String webhookUrl) {
        List<Finding> findings = new ArrayList<>();
        try {
            findings.add(Finding.ok(
                    CREDENTIALS,
                    "Telegram knows the bot @" + api.identify(token).username() + "."));
            JsonNode info = api.webhookInfo(token);
            findings.add(webhook(info, webhookUrl));
            findings.add(deliveries(info));
        } catch (Problem problem) {
            findings.add(Finding.of(
                    problem,
                    findings.isEmpty() ? CREDENTIALS : WEBHOOK,
                    "Ask @BotFather for the bot's token, and give it as the channel's new credentials."));
        }
        return List.copyOf(findings);
    }

    private static Finding webhook(JsonNode info, String webhookUrl) {
        String url = info.path("url").asText("");
        if (url.equals(webhookUrl)) {
            return TelegramApi.wants(info.path("allowed_updates"))
                    ? Finding.ok(WEBHOOK, "Telegram delivers to this channel.")
                    : Finding.wrong(
                            WEBHOOK,
                            "Telegram delivers messages to this channel, but not their changes and pressed buttons.",
                            "Give the bot's token again as the channel's credentials: that tells Telegram so.");
        }
        return Finding.wrong(
                WEBHOOK,
                url.isEmpty() ? "Telegram delivers nowhere." : "Telegram delivers to another address.",
                "Give the bot's token again as the channel's credentials: that tells Telegram the address. If another"
                        + " program uses the bot, it would take it back.");
    }

    private static Finding deliveries(JsonNode info) {
        String error = info.path("last_error_message").asText("");
        int waiting = info.path("pending_update_count").asInt(0);
        if (error.isEmpty() || waiting == 0) {
            return waiting <= MANY_WAITING
                    ? Finding.ok("deliveries", "No delivery fails.")
                    : Finding.wrong(
                            "deliveries", waiting + " updates wait at Telegram.", "Wait a minute and test again.");
        }
        return Finding.wrong(
                "deliveries",
                waiting + " updates wait at Telegram; its last attempt failed: " + error,
                "See that the address of the channel can be reached from the Internet by HTTPS.");
    }
}
