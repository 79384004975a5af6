package dev.parley.simulators.whatsapp;

import dev.parley.simulators.exchange.Endpoint;
import dev.parley.simulators.exchange.Exchange;
import dev.parley.simulators.exchange.Fault;
import dev.parley.simulators.exchange.Reply;
import dev.parley.simulators.exchange.Routes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/** The Graph API: {@code /<version>/<id>[/messages]}. */
final class WhatsAppEndpoint implements Endpoint {

    /** Asks an address and gives it to a number; tells whether it echoed the challenge. */
    interface Callback {
        void set(String number, JsonObject wish, Consumer<JsonObject> done);
    }

    private interface Call {
        Reply run(Exchange exchange, List<String> values);
    }

    private final Numbers numbers;
    private final Files files;
    private final Outbox outbox;
    private final Callback callback;
    private final String url;
    private final Routes<Call> routes = new Routes<>();

    WhatsAppEndpoint(Numbers numbers, Files files, Outbox outbox, Callback callback, String url) {
        this.numbers = numbers;
        this.files = files;
        this.outbox = outbox;
        this.callback = callback;
        this.url = url;
        routes.add("GET", "/files/{id}", (exchange, values) -> content(exchange, values.getFirst()))
                .add("GET", "/{version}/{id}", (exchange, values) -> read(exchange, values.get(1)))
                .add("POST", "/{version}/{number}/messages", (exchange, values) -> send(exchange, values.get(1)));
    }

    @Override
    public void handle(Exchange exchange) {
        try {
            if (exchange.method().equals("POST") && exchange.path().matches("/v\\d{1,3}\\.\\d/\\d+")) {
                configure(exchange, exchange.path().substring(exchange.path().lastIndexOf('/') + 1));
                return;
            }
            Routes.Found<Call> found = routes.find(exchange.method(), exchange.path());
            if (found == null || !exchange.path().matches("/(files|v\\d{1,3}\\.\\d)/.*")) {
                throw new WhatsAppProblem(404, 2500, "Unknown path components: " + exchange.path(), null);
            }
            exchange.answer(found.handler().run(exchange, found.values()));
        } catch (WhatsAppProblem problem) {
            exchange.answer(problem.reply());
        } catch (DecodeException | ClassCastException broken) {
            exchange.answer(WhatsAppProblem.parameter("The body is not the JSON this call takes.")
                    .reply());
        }
    }

    private Reply send(Exchange exchange, String id) {
        PhoneNumber number = authorized(exchange, id);
        return Reply.json(200, outbox.take(number, new JsonObject(Buffer.buffer(exchange.body()))));
    }

    /** Gives the number an address of its own, or takes it away; Meta asks the address first. */
    private void configure(Exchange exchange, String id) {
        PhoneNumber number = authorized(exchange, id);
        JsonObject webhook =
                new JsonObject(Buffer.buffer(exchange.body())).getJsonObject("webhook_configuration", new JsonObject());
        String address = webhook.getString("override_callback_uri");
        if (address == null) {
            throw WhatsAppProblem.parameter("The parameter webhook_configuration is required.");
        }
        if (address.isEmpty()) {
            number.callbackUrl("");
            numbers.changed();
            exchange.answer(Reply.json(200, new JsonObject().put("success", true)));
            return;
        }
        JsonObject wish =
                new JsonObject().put("url", address).put("verify_token", webhook.getString("verify_token", ""));
        callback.set(
                id,
                wish,
                answer -> exchange.answer(
                        answer.getBoolean("verified")
                                ? Reply.json(200, new JsonObject().put("success", true))
                                : WhatsAppProblem.reply(400, 2200, "(#2200) Callback verification failed", null)));
    }

    private Reply read(Exchange exchange, String id) {
        Files.File file = files.find(id);
        if (file != null) {
            token(exchange);
            return Reply.json(
                    200,
                    new JsonObject()
                            .put("messaging_product", "whatsapp")
                            .put("url", url + "/files/" + id)
                            .put("mime_type", file.mimeType())
                            .put("sha256", sha256(file.content()))
                            .put("file_size", file.content().length())
                            .put("id", id));
        }
        return Reply.json(200, authorized(exchange, id).shown());
    }

    private Reply content(Exchange exchange, String id) {
        token(exchange);
        Files.File file = files.find(id);
        if (file == null) {
            throw new WhatsAppProblem(404, 100, "No such file", null);
        }
        return new Reply(200, List.of(HttpHeaders.CONTENT_TYPE, file.mimeType()), file.content());
    }

    private PhoneNumber authorized(Exchange exchange, String id) {
        String token = token(exchange);
        if (!Numbers.isId(id)) {
            throw unknown(id);
        }
        PhoneNumber number = numbers.get(id);
        if (!number.isAccessToken(token)) {
            throw new WhatsAppProblem(
                    401, 190, "Error validating access token: the session has been invalidated.", null);
        }
        String proof = exchange.queryParameter("appsecret_proof");
        if (proof != null
                && !proof.equals(Notifications.hmac(number.appSecret(), token.getBytes(StandardCharsets.UTF_8)))) {
            throw new WhatsAppProblem(400, 100, "Invalid appsecret_proof provided in the API argument", null);
        }
        return number;
    }

    private static String token(Exchange exchange) {
        String header = exchange.header("authorization");
        if (header == null || !header.startsWith("Bearer ") || header.length() < 8) {
            throw new WhatsAppProblem(401, 190, "Invalid OAuth access token - Cannot parse access token", null);
        }
        return header.substring(7);
    }

    private static WhatsAppProblem unknown(String id) {
        return new WhatsAppProblem(
                400,
                100,
                "Unsupported request. Object with ID '" + id
                        + "' does not exist, cannot be loaded due to missing permissions, or does not support this"
                        + " operation",
                null);
    }

    private static String sha256(Buffer content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content.getBytes()));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A message like {@code 131056 Pair rate limit hit} chooses the code. */
    @Override
    public Reply problem(Exchange exchange, Fault fault) {
        int status = fault.status();
        String usual =
                switch (status) {
                    case 401 -> "190 Error validating access token";
                    case 429 -> "130429 Rate limit hit";
                    default -> status >= 500 ? "131000 Something went wrong" : "100 Invalid parameter";
                };
        String message = fault.message(usual);
        String first = message.split(" ", 2)[0];
        int code = first.matches("\\d{1,7}") ? Integer.parseInt(first) : 1;
        return WhatsAppProblem.reply(status, code, "(#" + code + ") " + message, null);
    }
}
