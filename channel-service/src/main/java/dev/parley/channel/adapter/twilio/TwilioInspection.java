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
            findings.add(Finding.wrong(
                    known ? NUMBER : CREDENTIALS,
                    String.valueOf(problem.detail()),
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
        if (account.number() == null) {
            return Finding.ok(NUMBER, "The messaging service exists.");
        }
        return sender.path("capabilities").path("sms").asBoolean(false)
                ? Finding.ok(NUMBER, account.number() + " can send and receive SMS.")
                : Finding.wrong(NUMBER, account.number() + " cannot send SMS.", "Choose a number that can.");
    }

    private static Finding webhook(TwilioApi.Account account, JsonNode sender, String url) {
        String name = account.number() == null ? "inbound_request_url" : "sms_url";
        String set = sender.path(name).asText("");
        return set.equals(url)
                ? Finding.ok("webhook", "Twilio delivers to this channel.")
                : Finding.wrong(
                        "webhook",
                        set.isEmpty() ? "Twilio delivers nowhere." : "Twilio delivers to another address.",
                        "Give the credentials again: that tells Twilio the address. Or set " + url
                                + " in Twilio's console, with POST.");
    }
}
