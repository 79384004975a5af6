package dev.parley.simulators.control;

import static dev.parley.simulators.control.ControlEndpoint.answer;
import static dev.parley.simulators.control.ControlEndpoint.attempted;
import static dev.parley.simulators.control.ControlEndpoint.items;
import static dev.parley.simulators.control.ControlEndpoint.object;

import dev.parley.simulators.control.ControlEndpoint.Call;
import dev.parley.simulators.exchange.Exchange;
import dev.parley.simulators.exchange.Reply;
import dev.parley.simulators.exchange.Routes;
import dev.parley.simulators.fcm.Fcm;
import dev.parley.simulators.twilio.Twilio;
import dev.parley.simulators.whatsapp.WhatsApp;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The consoles of Meta, Twilio and Firebase, and the end customers who are there. */
public final class MessengerControl {

    private final WhatsApp whatsApp;
    private final Twilio twilio;
    private final Fcm fcm;

    /** The control plane over all of them. */
    public MessengerControl(WhatsApp whatsApp, Twilio twilio, Fcm fcm) {
        this.whatsApp = whatsApp;
        this.twilio = twilio;
        this.fcm = fcm;
    }

    void addTo(Routes<Call> routes) {
        routes.add(
                        "PUT",
                        "/whatsapp/numbers/{id}",
                        (exchange, values) -> answer(exchange, whatsApp.set(values.getFirst(), object(exchange))))
                .add(
                        "POST",
                        "/whatsapp/numbers/{id}/webhook",
                        (exchange, values) -> whatsApp.setWebhook(
                                values.getFirst(), object(exchange), verified -> answer(exchange, verified)))
                .add(
                        "POST",
                        "/whatsapp/numbers/{id}/messages",
                        (exchange, values) -> written(
                                exchange,
                                new JsonObject()
                                        .put(
                                                "ids",
                                                whatsApp.write(values.getFirst(), object(exchange), delivery -> {}))))
                .add(
                        "POST",
                        "/whatsapp/numbers/{id}/statuses",
                        (exchange, values) -> whatsApp.tell(
                                values.getFirst(), object(exchange), delivery -> attempted(exchange, delivery)))
                .add("PUT", "/whatsapp/numbers/{id}/customers/{customer}", (exchange, values) -> {
                    whatsApp.wrote(values.getFirst(), values.get(1), ControlEndpoint.second(exchange, "wrote_at"));
                    exchange.answer(Reply.empty(204));
                })
                .add(
                        "GET",
                        "/whatsapp/numbers/{id}/sent",
                        (exchange, values) -> answer(
                                exchange, items(whatsApp.sent(values.getFirst(), exchange.queryParameter("to")))))
                .add(
                        "PUT",
                        "/twilio/accounts/{sid}",
                        (exchange, values) -> answer(exchange, twilio.set(values.getFirst(), object(exchange))))
                .add(
                        "POST",
                        "/twilio/accounts/{sid}/messages",
                        (exchange, values) ->
                                written(exchange, twilio.write(values.getFirst(), object(exchange), delivery -> {})))
                .add(
                        "POST",
                        "/twilio/accounts/{sid}/statuses",
                        (exchange, values) -> twilio.tell(
                                values.getFirst(), object(exchange), delivery -> attempted(exchange, delivery)))
                .add(
                        "GET",
                        "/twilio/accounts/{sid}/sent",
                        (exchange, values) ->
                                answer(exchange, items(twilio.sent(values.getFirst(), exchange.queryParameter("to")))))
                .add(
                        "POST",
                        "/fcm/projects/{id}/keys",
                        (exchange, values) -> written(exchange, fcm.keyFile(values.getFirst())))
                .add("PUT", "/fcm/projects/{id}/devices/{token}", (exchange, values) -> {
                    fcm.device(
                            values.getFirst(), values.get(1), object(exchange).getString("state", "well"));
                    exchange.answer(Reply.empty(204));
                })
                .add(
                        "GET",
                        "/fcm/projects/{id}/sent",
                        (exchange, values) -> answer(
                                exchange,
                                items(new JsonArray(fcm.sent(values.getFirst(), exchange.queryParameter("token"))))))
                .add("DELETE", "/fcm/tokens", (exchange, values) -> {
                    fcm.endTokens();
                    exchange.answer(Reply.empty(204));
                });
    }

    private static void written(Exchange exchange, JsonObject written) {
        exchange.answer(Reply.json(201, written));
    }
}
