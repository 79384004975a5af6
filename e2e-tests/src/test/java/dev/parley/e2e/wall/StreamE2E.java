package dev.parley.e2e.wall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Stack;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The live stream tells a tenant's people what happens in their tenant, and nobody else, whatever they ask for. */
@Order(76)
class StreamE2E {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Test
    void nobodyHearsWhatHappensAtA() {
        Customer a = Customer.signUp();
        Customer b = Customer.signUp();
        String conversation = a.conversation("concierge");
        List<Listener> strangers = new ArrayList<>();
        for (String query : List.of(
                "",
                "?tenant_id=" + a.tenantId(),
                "?tenant=" + a.tenantId() + "&topic=" + a.tenantId(),
                "?conversation=" + conversation + "&conversation_id=" + conversation)) {
            strangers.add(open(b.api(), query));
        }
        for (String text : List.of(
                "{\"type\":\"subscribe\",\"tenant_id\":\"" + a.tenantId() + "\"}",
                "{\"subscribe\":\"" + conversation + "\"}",
                "SUBSCRIBE " + a.tenantId())) {
            strangers.getFirst().socket.sendText(text, true).join();
        }
        Listener own = open(a.api(), "");

        a.say(conversation, "canary-of-the-stream").expect(201);
        b.say(b.conversation("concierge"), "my own").expect(201);

        Eventually.passes(Duration.ofSeconds(10), () -> {
            assertThat(own.heard).anyMatch(text -> text.contains(conversation));
            assertThat(strangers.get(1).heard).as("B hears itself").anyMatch(text -> text.contains("message-sent"));
        });
        for (Listener stranger : strangers) {
            assertThat(String.join("\n", stranger.heard))
                    .doesNotContain("canary-of-the-stream", conversation, a.tenantId(), a.userId());
        }
    }

    @Test
    void whoMayNotComeInIsRefusedAtTheDoor() {
        Customer a = Customer.signUp();
        Customer b = Customer.signUp();

        assertThat(refusal(Api.anonymous(), "", null)).isEqualTo(401);
        assertThat(refusal(RealmKey.expired(b.api()), "", null)).isEqualTo(401);
        assertThat(refusal(Api.bearer(ContextForgery.forTenant(a.tenantId())), "", null))
                .isEqualTo(401);
        assertThat(refusal(Api.anonymous(), "?access_token=" + b.api().token(), null))
                .isEqualTo(401);
        assertThat(refusal(b.api().with("X-Tenant-ID", a.tenantId()), "", null)).isEqualTo(403);
        assertThat(refusal(b.api(), "", "https://evil.example")).isEqualTo(403);
    }

    private static int refusal(Api caller, String query, String origin) {
        try {
            builder(caller, origin).buildAsync(uri(query), new Listener()).join();
            return 101;
        } catch (CompletionException refused) {
            if (refused.getCause() instanceof WebSocketHandshakeException handshake) {
                return handshake.getResponse().statusCode();
            }
            throw refused;
        }
    }

    private static Listener open(Api caller, String query) {
        Listener listener = new Listener();
        listener.socket = builder(caller, null).buildAsync(uri(query), listener).join();
        return listener;
    }

    private static WebSocket.Builder builder(Api caller, String origin) {
        WebSocket.Builder builder = HTTP.newWebSocketBuilder();
        for (String name : List.of("Authorization", "X-Tenant-ID")) {
            if (caller.header(name) != null) {
                builder.header(name, caller.header(name));
            }
        }
        return origin == null ? builder : builder.header("Origin", origin);
    }

    private static URI uri(String query) {
        return URI.create(Stack.running().gatewayUrl().replaceFirst("^http", "ws") + "/api/v1/stream" + query);
    }

    private static final class Listener implements WebSocket.Listener {
        private final Queue<String> heard = new ConcurrentLinkedQueue<>();
        private WebSocket socket;

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            heard.add(data.toString());
            from.request(1);
            return null;
        }
    }
}
