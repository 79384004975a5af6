package dev.parley.simulators;

import dev.parley.simulators.control.ControlEndpoint;
import dev.parley.simulators.control.MessengerControl;
import dev.parley.simulators.exchange.Counters;
import dev.parley.simulators.exchange.Endpoint;
import dev.parley.simulators.exchange.Exchange;
import dev.parley.simulators.exchange.Fault;
import dev.parley.simulators.exchange.Faults;
import dev.parley.simulators.exchange.Front;
import dev.parley.simulators.exchange.Provider;
import dev.parley.simulators.exchange.Reply;
import dev.parley.simulators.exchange.RequestLog;
import dev.parley.simulators.exchange.StateFile;
import dev.parley.simulators.fcm.Fcm;
import dev.parley.simulators.llm.Llm;
import dev.parley.simulators.mail.MailCatcher;
import dev.parley.simulators.razorpay.Razorpay;
import dev.parley.simulators.stripe.Stripe;
import dev.parley.simulators.telegram.Telegram;
import dev.parley.simulators.twilio.Twilio;
import dev.parley.simulators.webhook.WebhookSender;
import dev.parley.simulators.whatsapp.WhatsApp;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** All simulators behind one port on loopback, on one event loop: their state needs no locks. */
final class SimulatorServer implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";
    private static final long CLOSE_WITHIN_SECONDS = 5;

    private final Vertx vertx;
    private final StateFile state;
    private final MailCatcher mail;
    private final int port;

    private SimulatorServer(Vertx vertx, StateFile state, MailCatcher mail, int port) {
        this.vertx = vertx;
        this.state = state;
        this.mail = mail;
        this.port = port;
    }

    /**
     * Starts and returns when the port is bound.
     *
     * @throws IllegalStateException when the port is taken
     */
    static SimulatorServer start(Settings settings, Clock clock) {
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(2)
                .setFileSystemOptions(new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
        int port = settings.port() == 0 ? freePort() : settings.port();
        StateFile state = new StateFile(vertx, settings.stateDirectory());
        Counters counters = new Counters();
        Faults faults = new Faults();
        RequestLog log = new RequestLog(clock, settings.logging());
        WebhookSender stripeSender = new WebhookSender(vertx, clock, counters, "stripe", false);
        WebhookSender razorpaySender = new WebhookSender(vertx, clock, counters, "razorpay", false);
        WebhookSender telegramSender = new WebhookSender(vertx, clock, counters, "telegram", true);
        WebhookSender whatsAppSender = new WebhookSender(vertx, clock, counters, "whatsapp", false);
        WebhookSender twilioSender = new WebhookSender(vertx, clock, counters, "twilio", false);
        Llm llm = new Llm(clock, counters);
        Stripe stripe = new Stripe(
                clock,
                state,
                stripeSender,
                "http://" + LOOPBACK + ":" + port,
                settings.publicUrl() + "/webhooks/stripe",
                settings.stripeWebhookSecret());
        Razorpay razorpay = new Razorpay(
                clock,
                state,
                razorpaySender,
                "http://" + LOOPBACK + ":" + port,
                settings.publicUrl() + "/webhooks/razorpay",
                settings.razorpay());
        MailCatcher mail = catchMail(settings, vertx, clock, counters, port);
        Telegram telegram = new Telegram(clock, state, telegramSender);
        String ownUrl = "http://" + LOOPBACK + ":" + port;
        WhatsApp whatsApp = new WhatsApp(vertx, clock, state, whatsAppSender, ownUrl);
        Twilio twilio = new Twilio(clock, state, twilioSender, ownUrl);
        Fcm fcm = new Fcm(clock, ownUrl);
        ControlEndpoint control = new ControlEndpoint(
                log,
                counters,
                faults,
                Map.of(
                        "stripe-webhooks", stripeSender,
                        "razorpay-webhooks", razorpaySender,
                        "telegram-webhooks", telegramSender,
                        "whatsapp-webhooks", whatsAppSender,
                        "twilio-webhooks", twilioSender),
                llm,
                stripe,
                razorpay,
                telegram,
                new MessengerControl(whatsApp, twilio, fcm));
        Front front = new Front(vertx, log, counters, faults)
                .mount("/llm/v1", Provider.LLM, llm.openAi())
                .mount("/anthropic/v1", Provider.LLM, llm.anthropic())
                .mount("/google/v1beta", Provider.LLM, llm.google())
                .mount("/telegram", Provider.TELEGRAM, telegram.endpoint())
                .mount("/whatsapp", Provider.WHATSAPP, whatsApp.endpoint())
                .mount("/twilio", Provider.TWILIO, twilio.endpoint())
                .mount("/fcm", Provider.FCM, fcm.endpoint())
                .mount("/stripe", Provider.STRIPE, stripe.endpoint())
                .mount("/razorpay", Provider.RAZORPAY, razorpay.endpoint())
                .mount("/mail", null, mail.inbox())
                .mount("/_control", null, control)
                .mount("/v1/", Provider.STRIPE, new AtRoot(stripe.endpoint()));
        HttpServerOptions options = new HttpServerOptions()
                .setHost(LOOPBACK)
                .setPort(port)
                .setAcceptBacklog(1_024)
                .setMaxInitialLineLength(16_384)
                .setMaxHeaderSize(32_768)
                .setHandle100ContinueAutomatically(true)
                .setHttp2ClearTextEnabled(false);
        Future<Void> listening = vertx.createHttpServer(options)
                .requestHandler(front)
                .listen()
                .map(server -> {
                    stripe.resume();
                    razorpay.resume();
                    telegram.resume();
                    return null;
                });
        try {
            listening.toCompletionStage().toCompletableFuture().join();
        } catch (RuntimeException failed) {
            mail.close();
            vertx.close();
            throw new IllegalStateException(
                    "The simulators cannot listen on " + LOOPBACK + ":" + port
                            + ", set PARLEY_SIMULATORS_PORT to a free port",
                    failed);
        }
        return new SimulatorServer(vertx, state, mail, port);
    }

    private static MailCatcher catchMail(Settings settings, Vertx vertx, Clock clock, Counters counters, int beside) {
        int port = settings.smtpPort() == 0 ? freePort() : settings.smtpPort();
        while (settings.smtpPort() == 0 && port == beside) {
            port = freePort();
        }
        try {
            return MailCatcher.start(vertx, clock, counters, LOOPBACK, port);
        } catch (IllegalStateException taken) {
            vertx.close();
            throw taken;
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(LOOPBACK))) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new IllegalStateException("There is no free port on " + LOOPBACK, none);
        }
    }

    int port() {
        return port;
    }

    int smtpPort() {
        return mail.port();
    }

    /** Stops taking requests and saves the state. */
    @Override
    public void close() {
        mail.close();
        CompletableFuture<Void> saved = new CompletableFuture<>();
        vertx.runOnContext(now -> {
            state.flush();
            saved.complete(null);
        });
        saved.orTimeout(CLOSE_WITHIN_SECONDS, TimeUnit.SECONDS).join();
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(CLOSE_WITHIN_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    /** Serves the paths of a client that can only be given host and port, such as npm's {@code stripe}. */
    private record AtRoot(Endpoint stripe) implements Endpoint {

        @Override
        public void handle(Exchange exchange) {
            stripe.handle(exchange.at("/v1/" + exchange.path()));
        }

        @Override
        public Reply problem(Exchange exchange, Fault fault) {
            return stripe.problem(exchange, fault);
        }
    }
}
