package dev.parley.e2e.wall;

import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Mailbox;
import dev.parley.e2e.support.Simulators;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Invitations, as the invited see them. */
final class Invitations {
    private static final Pattern TOKEN = Pattern.compile("invitations?/([A-Za-z0-9_-]{20,})");

    private Invitations() {}

    /** The token of an invitation that was just made: in the answer, or in the mail to the invited. */
    static String token(Answer made, String addressPart) {
        Matcher inAnswer = TOKEN.matcher(made.raw());
        if (inAnswer.find()) {
            return inAnswer.group(1);
        }
        AtomicReference<String> token = new AtomicReference<>();
        Eventually.passes(Duration.ofSeconds(10), () -> {
            Matcher inMail = TOKEN.matcher(mailTo(made.text("email").isEmpty() ? addressPart : made.text("email")));
            if (!inMail.find()) {
                throw new AssertionError("no invitation came by mail to " + addressPart);
            }
            token.set(inMail.group(1));
        });
        return token.get();
    }

    /** A new person who is a member of a household. */
    static Api member(Household household) {
        String name = "member-" + UUID.randomUUID();
        String email = name + "@example.com";
        Answer invited = household
                .owner()
                .post("/api/v1/invitations", Map.of("email", email, "role", "member"))
                .expect(201);
        Answer person = Api.anonymous()
                .post(
                        "/api/v1/auth/signup",
                        Map.of("email", email, "password", "correct-horse-" + name, "name", name, "organization", name))
                .expect(201);
        new Mailbox(email).proveAddress();
        Api api = Api.bearer(person.text("access_token"));
        Answer accepted = api.post("/api/v1/invitations/" + token(invited, name) + "/acceptance");
        if (accepted.status() / 100 != 2) {
            throw new AssertionError("the invitation was not accepted: " + accepted.raw());
        }
        return api.with("X-Tenant-ID", household.tenantId());
    }

    private static String mailTo(String address) {
        StringBuilder texts = new StringBuilder();
        Answer mails = Simulators.api().get("/mail/messages?to=" + address).expect(200);
        mails.body().findValues("text").forEach(text -> texts.append(text.asText())
                .append('\n'));
        mails.body().findValues("html").forEach(html -> texts.append(html.asText())
                .append('\n'));
        return texts.toString();
    }
}
