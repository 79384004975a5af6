package dev.parley.simulators.twilio;

import dev.parley.simulators.exchange.Endpoint;
import dev.parley.simulators.exchange.Exchange;
import dev.parley.simulators.exchange.Fault;
import dev.parley.simulators.exchange.Form;
import dev.parley.simulators.exchange.Reply;
import dev.parley.simulators.exchange.Routes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The API of accounts, numbers and messages, and that of messaging services. */
final class TwilioEndpoint implements Endpoint {

    private static final String VERSION = "/2010-04-01/Accounts/{account}";
    private static final Map<String, String> NUMBER = Map.of(
            "SmsUrl", "sms_url",
            "SmsMethod", "sms_method",
            "SmsFallbackUrl", "sms_fallback_url",
            "SmsFallbackMethod", "sms_fallback_method",
            "SmsApplicationSid", "sms_application_sid");
    private static final Map<String, String> SERVICE = Map.of(
            "InboundRequestUrl", "inbound_request_url",
            "InboundMethod", "inbound_method",
            "FallbackUrl", "fallback_url",
            "FallbackMethod", "fallback_method");
    private static final int USUAL_PAGE = 50;
    private static final int LARGEST_PAGE = 1000;

    private interface Call {
        Reply run(Account account, Exchange exchange, List<String> values);
    }

    private final Accounts accounts;
    private final Messages messages;
    private final MediaFiles files;
    private final String url;
    private final Routes<Call> routes = new Routes<>();

    TwilioEndpoint(Accounts accounts, Messages messages, MediaFiles files, String url) {
        this.accounts = accounts;
        this.messages = messages;
        this.files = files;
        this.url = url;
        routes.add(
                        "GET",
                        VERSION + "/IncomingPhoneNumbers.json",
                        (account, exchange, values) -> numbers(account, exchange))
                .add("POST", VERSION + "/IncomingPhoneNumbers/{sid}", this::setNumber)
                .add(
                        "GET",
                        VERSION + "/SMS/ShortCodes.json",
                        (account, exchange, values) -> shortCodes(account, exchange))
                .add("POST", VERSION + "/SMS/ShortCodes/{sid}", this::setNumber)
                .add(
                        "POST",
                        VERSION + "/Messages.json",
                        (account, exchange, values) ->
                                Reply.json(201, messages.create(account, Form.parse(exchange.bodyText()))))
                .add("GET", VERSION + "/Messages.json", (account, exchange, values) -> list(account, exchange))
                .add("GET", VERSION + "/Messages/{sid}", this::message)
                .add(
                        "GET",
                        VERSION + "/Messages/{sid}/Media.json",
                        (account, exchange, values) -> mediaList(account, values.get(1)))
                .add(
                        "GET",
                        VERSION + "/Messages/{sid}/Media/{media}",
                        (account, exchange, values) -> media(values.get(2)))
                .add("GET", VERSION, (account, exchange, values) -> Reply.json(200, account.shown()))
                .add(
                        "GET",
                        "/v1/Services/{sid}",
                        (account, exchange, values) -> Reply.json(200, service(account, values.getFirst())))
                .add("POST", "/v1/Services/{sid}", this::setService);
    }

    @Override
    public void handle(Exchange exchange) {
        try {
            if (exchange.method().equals("GET") && exchange.path().startsWith("/files/")) {
                exchange.answer(file(exchange.path().substring("/files/".length())));
                return;
            }
            Account account = authenticated(exchange);
            Routes.Found<Call> found = routes.find(exchange.method(), exchange.path());
            if (found == null) {
                throw TwilioProblem.notFound(exchange.path());
            }
            boolean named = exchange.path().startsWith("/2010-04-01/");
            if (named && !withoutEnding(found.values().getFirst()).equals(account.sid())) {
                throw TwilioProblem.notFound(exchange.path());
            }
            exchange.answer(found.handler().run(account, exchange, found.values()));
        } catch (TwilioProblem problem) {
            exchange.answer(problem.reply());
        } catch (IllegalArgumentException broken) {
            exchange.answer(TwilioProblem.reply(400, 20001, "Bad request: " + broken.getMessage()));
        }
    }

    private Account authenticated(Exchange exchange) {
        String header = exchange.header("authorization");
        if (header != null && header.toLowerCase(Locale.ROOT).startsWith("basic ")) {
            String[] pair = new String(
                            Base64.getDecoder().decode(header.substring(6).strip()), StandardCharsets.UTF_8)
                    .split(":", 2);
            Account account = accounts.find(pair[0]);
            if (account != null && pair.length == 2 && account.authToken().equals(pair[1])) {
                return account;
            }
        }
        throw new TwilioProblem(401, 20003, "Authenticate");
    }

    private static String withoutEnding(String sid) {
        return sid.endsWith(".json") ? sid.substring(0, sid.length() - 5) : sid;
    }

    private Reply numbers(Account account, Exchange exchange) {
        String wanted = exchange.queryParameter("PhoneNumber");
        JsonArray items = new JsonArray();
        account.numbers().values().stream()
                .filter(number -> number.getString("phone_number").startsWith("+"))
                .filter(number ->
                        wanted == null || number.getString("phone_number").equals(wanted))
                .forEach(items::add);
        return Reply.json(
                200,
                new JsonObject()
                        .put("incoming_phone_numbers", items)
                        .put("page", 0)
                        .put("page_size", USUAL_PAGE)
                        .put("next_page_uri", null));
    }

    private Reply shortCodes(Account account, Exchange exchange) {
        String wanted = exchange.queryParameter("ShortCode");
        JsonArray items = new JsonArray();
        account.numbers().values().stream()
                .filter(number -> !number.getString("phone_number").startsWith("+"))
                .filter(number ->
                        wanted == null || number.getString("phone_number").equals(wanted))
                .forEach(number -> items.add(number.copy().put("short_code", number.getString("phone_number"))));
        return Reply.json(200, new JsonObject().put("short_codes", items).put("next_page_uri", null));
    }

    private static Reply mediaList(Account account, String sid) {
        JsonArray items = account.messages().stream()
                .filter(message -> message.getString("sid").equals(sid))
                .findFirst()
                .map(message -> message.getJsonArray("_media", new JsonArray()))
                .orElseThrow(() -> TwilioProblem.notFound(sid));
        return Reply.json(200, new JsonObject().put("media_list", items).put("next_page_uri", null));
    }

    private Reply setNumber(Account account, Exchange exchange, List<String> values) {
        String sid = withoutEnding(values.get(1));
        JsonObject number = account.numbers().values().stream()
                .filter(each -> each.getString("sid").equals(sid))
                .findFirst()
                .orElseThrow(() -> TwilioProblem.notFound(exchange.path()));
        copy(Form.parse(exchange.bodyText()), number, NUMBER);
        accounts.changed();
        return Reply.json(200, number);
    }

    private static JsonObject service(Account account, String sid) {
        JsonObject service = account.services().get(sid);
        if (service == null) {
            throw TwilioProblem.notFound("/v1/Services/" + sid);
        }
        return service;
    }

    private Reply setService(Account account, Exchange exchange, List<String> values) {
        JsonObject service = service(account, values.getFirst());
        copy(Form.parse(exchange.bodyText()), service, SERVICE);
        String numbersOwn = Form.parse(exchange.bodyText()).getString("UseInboundWebhookOnNumber");
        if (numbersOwn != null) {
            service.put("use_inbound_webhook_on_number", Boolean.parseBoolean(numbersOwn));
        }
        accounts.changed();
        return Reply.json(200, service);
    }

    private static void copy(JsonObject form, JsonObject to, Map<String, String> names) {
        names.forEach((given, kept) -> {
            if (form.containsKey(given)) {
                to.put(kept, form.getString(given));
            }
        });
    }

    private Reply list(Account account, Exchange exchange) {
        String size = exchange.queryParameter("PageSize");
        int page = size == null || !size.matches("\\d{1,4}")
                ? USUAL_PAGE
                : Math.clamp(Integer.parseInt(size), 1, LARGEST_PAGE);
        return Reply.json(
                200, messages.list(account, exchange.queryParameter("To"), exchange.queryParameter("From"), page));
    }

    private Reply message(Account account, Exchange exchange, List<String> values) {
        String sid = withoutEnding(values.get(1));
        return account.messages().stream()
                .filter(message -> message.getString("sid").equals(sid))
                .findFirst()
                .map(message -> Reply.json(200, Messages.shown(message)))
                .orElseThrow(() -> TwilioProblem.notFound(exchange.path()));
    }

    /** As at Twilio the file is elsewhere, where nobody asks who wants it. */
    private Reply media(String sid) {
        if (files.type(sid) == null) {
            throw TwilioProblem.notFound(sid);
        }
        return new Reply(307, List.of(HttpHeaders.LOCATION, url + "/files/" + sid), Buffer.buffer());
    }

    private Reply file(String sid) {
        String type = files.type(sid);
        if (type == null) {
            throw TwilioProblem.notFound(sid);
        }
        return new Reply(200, List.of(HttpHeaders.CONTENT_TYPE, type), files.content());
    }

    /** A message like {@code 21610 Attempt to send to unsubscribed recipient} chooses the code. */
    @Override
    public Reply problem(Exchange exchange, Fault fault) {
        int status = fault.status();
        String usual =
                switch (status) {
                    case 401 -> "20003 Authenticate";
                    case 429 -> "20429 Too Many Requests";
                    default -> status >= 500 ? "20500 Internal Server Error" : "20001 Bad request";
                };
        String[] words = fault.message(usual).split(" ", 2);
        boolean coded = words[0].matches("\\d{5}");
        return TwilioProblem.reply(
                status, coded ? Integer.parseInt(words[0]) : 20001, coded && words.length > 1 ? words[1] : words[0]);
    }
}
