package dev.parley.simulators.fcm;

import dev.parley.simulators.exchange.Endpoint;
import dev.parley.simulators.exchange.Exchange;
import dev.parley.simulators.exchange.Fault;
import dev.parley.simulators.exchange.Form;
import dev.parley.simulators.exchange.RandomIds;
import dev.parley.simulators.exchange.Reply;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code POST /v1/projects/{id}/messages:send}, and {@code POST /token}. */
final class FcmEndpoint implements Endpoint {
    private static final Pattern SEND = Pattern.compile("/v1/projects/([^/]+)/messages:send");
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_:.=-]{20,}");
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final int MOST_BYTES = 4096;
    private static final String MESSAGE = "message";
    private static final Set<String> REQUEST = Set.of("validate_only", MESSAGE);
    private static final Set<String> MEMBERS = Set.of(
            "token", "topic", "condition", "name", "data", "notification", "android", "webpush", "apns", "fcm_options");

    private final Fcm fcm;
    private final RandomIds ids;

    FcmEndpoint(Fcm fcm, RandomIds ids) {
        this.fcm = fcm;
        this.ids = ids;
    }

    @Override
    public void handle(Exchange exchange) {
        try {
            Matcher send = SEND.matcher(exchange.path());
            if (!exchange.method().equals("POST")) {
                exchange.answer(Reply.html(404, "<title>Error 404 (Not Found)!!1</title>"));
            } else if (exchange.path().equals("/token")) {
                exchange.answer(token(exchange));
            } else if (send.matches()) {
                exchange.answer(send(exchange, send.group(1)));
            } else {
                exchange.answer(Reply.html(404, "<title>Error 404 (Not Found)!!1</title>"));
            }
        } catch (FcmProblem problem) {
            exchange.answer(problem.reply());
        } catch (DecodeException | ClassCastException broken) {
            exchange.answer(FcmProblem.argument(MESSAGE, "Invalid JSON payload received.")
                    .reply());
        }
    }

    private Reply token(Exchange exchange) {
        JsonObject form = Form.parse(exchange.bodyText());
        try {
            if (!GRANT.equals(form.getString("grant_type"))) {
                return refused("unsupported_grant_type", "Invalid grant_type: " + form.getString("grant_type"));
            }
            return Reply.json(
                    200,
                    new JsonObject()
                            .put("access_token", fcm.grant(form.getString("assertion", "")))
                            .put("expires_in", Fcm.TOKEN_SECONDS)
                            .put("token_type", "Bearer"));
        } catch (IllegalArgumentException none) {
            return refused("invalid_grant", none.getMessage());
        }
    }

    private static Reply refused(String error, String description) {
        return Reply.json(400, new JsonObject().put("error", error).put("error_description", description));
    }

    private Reply send(Exchange exchange, String id) {
        String header = exchange.header("authorization");
        Project project =
                fcm.authorized(header == null || !header.startsWith("Bearer ") ? null : header.substring(7), id);
        JsonObject request = new JsonObject(Buffer.buffer(exchange.body()));
        onlyKnown(request, REQUEST, "");
        JsonObject message = request.getJsonObject(MESSAGE);
        if (message == null) {
            throw FcmProblem.argument(MESSAGE, "The message is missing.");
        }
        onlyKnown(message, MEMBERS, "message.");
        long targets = Set.of("token", "topic", "condition").stream()
                .filter(message::containsKey)
                .count();
        if (targets != 1) {
            throw FcmProblem.argument(MESSAGE, "Exactly one of token, topic or condition is required.");
        }
        if (message.encode().getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            throw FcmProblem.argument(MESSAGE, "Message is too big: at most 4096 bytes.");
        }
        for (var entry : message.getJsonObject("data", new JsonObject())) {
            if (!(entry.getValue() instanceof String)) {
                throw FcmProblem.argument("message.data[0].value", "Invalid value at 'message.data[0].value'");
            }
        }
        String token = message.getString("token");
        if (token != null) {
            demandReachable(project, token);
        }
        boolean trial = request.getBoolean("validate_only", false);
        String name = "projects/" + id + "/messages/" + (trial ? "fake_message_id" : ids.next("0:", 24));
        if (!trial) {
            project.took(message.copy().put("name", name));
        }
        return Reply.json(200, new JsonObject().put("name", name));
    }

    private static void onlyKnown(JsonObject object, Set<String> known, String place) {
        for (String name : object.fieldNames()) {
            if (!known.contains(name)) {
                throw FcmProblem.argument(
                        place + name,
                        "Invalid JSON payload received. Unknown name \"" + name + "\": Cannot find field.");
            }
        }
    }

    private static void demandReachable(Project project, String token) {
        if (!TOKEN.matcher(token).matches()) {
            throw FcmProblem.argument("message.token", "The registration token is not a valid FCM registration token");
        }
        switch (project.device(token)) {
            case "unregistered" ->
                throw FcmProblem.of(404, "NOT_FOUND", "UNREGISTERED", "Requested entity was not found.");
            case "elsewhere" ->
                throw FcmProblem.of(403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH", "SenderId mismatch");
            case "no-apns-key" ->
                throw FcmProblem.of(
                        401, "UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR", "Auth error from APNS or Web Push Service");
            default -> {}
        }
    }

    /** A message like {@code QUOTA_EXCEEDED Too many} chooses Firebase's code. */
    @Override
    public Reply problem(Exchange exchange, Fault fault) {
        int status = fault.status();
        if (exchange.path().equals("/token")) {
            return status >= 500
                    ? Reply.html(status, "<title>Error</title>")
                    : refused("invalid_grant", fault.message("Invalid JWT Signature."));
        }
        String google =
                switch (status) {
                    case 400 -> "INVALID_ARGUMENT";
                    case 401 -> "UNAUTHENTICATED";
                    case 403 -> "PERMISSION_DENIED";
                    case 404 -> "NOT_FOUND";
                    case 429 -> "RESOURCE_EXHAUSTED";
                    case 503 -> "UNAVAILABLE";
                    default -> "INTERNAL";
                };
        String message = fault.message("An injected fault.");
        String first = message.split(" ", 2)[0];
        return FcmProblem.reply(status, google, first.matches("[A-Z_]{5,}") ? first : null, message);
    }
}
