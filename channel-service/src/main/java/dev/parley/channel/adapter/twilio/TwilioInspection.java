package dev.parley.channel.adapter.twilio;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.channel.adapter.Finding;
import dev.parley.platform.problem.Problem;
import java.util.ArrayList;
import java.util.List;

/** Looks at an account, its number or messaging service, and the address to which they deliver. */
final class TwilioInspection {
    private static final String CREDENTIALS = "credentials";
    private static final String NUMBER = "number";
    private static final String WEBHOOK = "webhook";
    private static final String AGAIN = "Give the credentials again: that tells Twilio the address.";

    private final TwilioApi api;

    TwilioInspection(TwilioApi api) {
        this.api = api;
    }

    List<Finding> inspect(TwilioApi.Account account, String url) {
        List<Finding> findings = new ArrayList<>();
        try {
            findings.add(credentials(api.account(account)));
            JsonNode sender = api.sender(account);
            findings.add(number(account, sender));
            findings.add(webhook(account, sender, url));
        } catch (Problem problem) {
            boolean known = !findings.isEmpty();
            findings.add(Finding.of(
                    problem,
                    known ? NUMBER : CREDENTIALS,
                    known
                            ? "Connect a number or a messaging service that belongs to this Twilio account."
                            : "Copy the auth token from Twilio's console and give it as the channel's new"
                                    + " credentials."));
        }
        return List.copyOf(findings);
    }

    private static Finding credentials(JsonNode account) {
        String status = account.path("status").asText("");
        return "active".equals(status)
                ? Finding.ok(CREDENTIALS, "Twilio knows the account, and it is active.")
                : Finding.wrong(CREDENTIALS, "The Twilio account is " + status + ".", "Settle it in Twilio's console.");
    }

    private static Finding number(TwilioApi.Account account, JsonNode sender) {
        return switch (account.kind()) {
            case SERVICE -> Finding.ok(NUMBER, "The messaging service exists.");
            case SHORT_CODE -> Finding.ok(NUMBER, "The short code exists.");
            case NUMBER ->
                sender.path("capabilities").path("sms").asBoolean(false)
                        ? Finding.ok(NUMBER, account.number() + " can send and receive SMS.")
                        : Finding.wrong(NUMBER, account.number() + " cannot send SMS.", "Choose a number that can.");
        };
    }

    private static Finding webhook(TwilioApi.Account account, JsonNode sender, String url) {
        String set = TwilioApi.address(account, sender);
        if (!set.equals(url)) {
            return Finding.wrong(
                    WEBHOOK,
                    set.isEmpty() ? "Twilio delivers nowhere." : "Twilio delivers to another address.",
                    AGAIN + " Or set " + url + " in Twilio's console, with POST.");
        }
        if (!sender.path("sms_application_sid").asText("").isEmpty()) {
            return Finding.wrong(
                    WEBHOOK, "A TwiML application takes the number's messages before this channel.", AGAIN);
        }
        if (account.kind() == TwilioApi.Kind.SERVICE
                && sender.path("use_inbound_webhook_on_number").asBoolean(false)) {
            return Finding.wrong(WEBHOOK, "The service leaves its messages to the addresses of its numbers.", AGAIN);
        }
        return Finding.ok(
                WEBHOOK,
                account.kind() == TwilioApi.Kind.NUMBER
                        ? "Twilio delivers to this channel, unless the number belongs to a messaging service: connect"
                                + " that one then."
                        : "Twilio delivers to this channel.");
    }
}
