package dev.parley.e2e.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.e2e.support.Api.Answer;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/** A business that has signed up: its owner's client and what the sign-up answered. */
public record Customer(Api api, String email, String password, String tenantId, String userId, String refreshToken) {
    /** What comes with each update of a connected bot. */
    public static final String BOT_SECRET = "secret-of-the-bot";

    /** Signs a new business up; it is in trial on the plan free afterwards. */
    public static Customer signUp() {
        return signUp("Analytical Engines");
    }

    /** Signs a new business of that name up; it is in trial on the plan free afterwards. */
    public static Customer signUp(String organization) {
        String email = "owner-" + UUID.randomUUID() + "@example.com";
        String password = "correct-horse-battery-1";
        Answer answer = Api.anonymous()
                .post(
                        "/api/v1/auth/signup",
                        Map.of("email", email, "password", password, "name", "Ada Owner", "organization", organization))
                .expect(201);
        return new Customer(
                Api.bearer(answer.text("access_token")),
                email,
                password,
                answer.text("tenant_id"),
                answer.text("user_id"),
                answer.text("refresh_token"));
    }

    /** Opens the link that came by mail, so that the owner may invite people and make organisations. */
    public Customer proveAddress() {
        new Mailbox(email).proveAddress();
        return this;
    }

    /** Subscribes to a plan that costs nothing. */
    public Customer subscribe(String plan) {
        api.post(
                        "/api/v1/checkout",
                        Map.of(
                                "plan",
                                plan,
                                "provider",
                                "stripe",
                                "success_url",
                                Stack.running().publicUrl() + "/console/",
                                "cancel_url",
                                Stack.running().publicUrl() + "/console/"))
                .expect(201);
        Eventually.passes(Duration.ofSeconds(60), () -> assertThat(new Checker()
                        .column(
                                "parley_policy",
                                "select subscription ->> 'plan' from app.entitlement where tenant_id = '" + tenantId
                                        + "'"))
                .containsExactly(plan));
        return this;
    }

    /** Connects a Telegram bot, whose customers talk to the agent concierge; it signs with {@link #BOT_SECRET}. */
    public Answer connectBot(String token) {
        return connectBot(token, "concierge");
    }

    /** Connects a Telegram bot, whose customers talk to that agent. */
    public Answer connectBot(String token, String agent) {
        return api.post(
                        "/api/v1/channels",
                        Map.of(
                                "type",
                                "telegram",
                                "name",
                                "Our bot",
                                "agent",
                                agent,
                                "credentials",
                                Map.of("bot_token", token, "secret_token", BOT_SECRET)))
                .expect(201);
    }

    /** Opens a conversation and returns its id. */
    public String conversation(String agent) {
        return api.post("/api/v1/conversations", Map.of("agent", agent))
                .expect(201)
                .text("id");
    }

    /** Says something in a conversation. */
    public Answer say(String conversation, String text) {
        return api.post("/api/v1/conversations/" + conversation + "/messages", Map.of("text", text));
    }

    /** Makes an API key with all scopes and returns it. */
    public String apiKey() {
        return api.post("/api/v1/api-keys", Map.of("name", "e2e", "scopes", java.util.List.of("chat", "read", "write")))
                .expect(201)
                .text("key");
    }
}
