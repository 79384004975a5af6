package dev.parley.channel.adapter.whatsapp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.channel.adapter.Finding;
import dev.parley.platform.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Looks at a number and its webhook as Meta knows them. */
final class WhatsAppInspection {
    private static final String WEBHOOK = "webhook";

    private final WhatsAppApi api;

    WhatsAppInspection(WhatsAppApi api) {
        this.api = api;
    }

    List<Finding> inspect(WhatsAppApi.Account account, String webhookUrl) {
        JsonNode number;
        try {
            number = api.number(account);
        } catch (Problem problem) {
            return List.of(Finding.of(
                    problem,
                    "credentials",
                    "Give a permanent access token of a system user with the permission whatsapp_business_messaging,"
                            + " and the secret of the app it belongs to."));
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok(
                "credentials",
                "WhatsApp knows the number "
                        + number.path("display_phone_number").asText(account.number()) + ", and the app's secret is"
                        + " right."));
        findings.add(status(number.path("status").asText("")));
        findings.add(quality(number.path("quality_rating").asText("")));
        findings.add(webhook(number.path("webhook_configuration"), webhookUrl));
        return List.copyOf(findings);
    }

    private static Finding status(String status) {
        return switch (status) {
            case "CONNECTED", "" -> Finding.ok("number", "The number is connected.");
            case "FLAGGED", "RESTRICTED" ->
                Finding.wrong(
                        "number", "The number is " + status + ".", "Look at its quality in Meta's WhatsApp manager.");
            default ->
                Finding.wrong(
                        "number", "The number is " + status + ".", "Register the number in Meta's WhatsApp manager.");
        };
    }

    private static Finding quality(String rating) {
        return "RED".equals(rating)
                ? Finding.wrong(
                        "quality",
                        "Customers block or report the number: its quality is low.",
                        "Send fewer messages that nobody asked for, or Meta limits the number.")
                : Finding.ok("quality", "The number's quality is " + (rating.isEmpty() ? "not rated" : rating) + ".");
    }

    /** The closest address wins at Meta: the number's own, its account's, the app's. */
    private static Finding webhook(JsonNode configuration, String webhookUrl) {
        String url = Stream.of("phone_number", "whatsapp_business_account", "application")
                .map(level -> configuration.path(level).asText(""))
                .filter(address -> !address.isEmpty())
                .findFirst()
                .orElse("");
        if (url.equals(webhookUrl)) {
            return Finding.ok(
                    WEBHOOK,
                    "WhatsApp knows this channel's address. What cannot be seen from here: whether the app is"
                            + " subscribed to the account and to the field messages.");
        }
        return Finding.wrong(
                WEBHOOK,
                url.isEmpty() ? "WhatsApp delivers nowhere." : "WhatsApp delivers to another address.",
                "Give an access token with the permission whatsapp_business_management as the channel's credentials:"
                        + " that gives the number this address. Or, if the app has no other number, set the callback"
                        + " URL " + webhookUrl + " in its console, under WhatsApp, Configuration,"
                        + " with the channel's verify token, and subscribe to the field messages.");
    }
}
