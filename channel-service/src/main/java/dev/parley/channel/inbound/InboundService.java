package dev.parley.channel.inbound;

import dev.parley.channel.account.AccountRoute;
import dev.parley.channel.account.AccountService;
import dev.parley.channel.adapter.Adapters;
import dev.parley.channel.adapter.InboundCall;
import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.adapter.MessengerAdapter;
import dev.parley.channel.adapter.WebhookReply;
import dev.parley.channel.delivery.StatusService;
import dev.parley.channel.reception.ReceptionService;
import dev.parley.channel.turn.PlainText;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Takes webhook calls: verified, then stored once with the event that gets them answered, and only then accepted. */
@ApplicationScoped
class InboundService {
    private static final int LONGEST_RAW = 65_536;
    private static final int LONGEST_TEXT = 32_000;

    private final Database database;
    private final InboundRepository repository;
    private final ThreadRepository threads;
    private final AccountService accounts;
    private final Adapters adapters;
    private final ReceptionService reception;
    private final StatusService statuses;
    private final Counter refused;

    InboundService(
            Database database,
            InboundRepository repository,
            ThreadRepository threads,
            AccountService accounts,
            Adapters adapters,
            ReceptionService reception,
            StatusService statuses,
            MeterRegistry meters) {
        this.database = database;
        this.repository = repository;
        this.threads = threads;
        this.accounts = accounts;
        this.adapters = adapters;
        this.reception = reception;
        this.statuses = statuses;
        this.refused = meters.counter("channel.webhook.refused");
    }

    /**
     * Returns what the vendor wants to read when everything in the call is committed; the same events again change
     * nothing.
     */
    WebhookReply receive(String type, UUID account, Delivered delivered) {
        AccountRoute route = accounts.route(account)
                .filter(known -> known.type().equals(type))
                .orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
        MessengerAdapter adapter = adapters.ofAccount(type).orElseThrow();
        if (!adapter.webhookPaths().contains(delivered.path())) {
            throw new Problem(CommonProblem.NOT_FOUND);
        }
        InboundCall call = delivered.at(accounts.webhookUrl(type, account));
        Optional<WebhookReply> handshake = handshake(adapter, route, call);
        if (handshake.isPresent()) {
            return handshake.get();
        }
        demandSigned(adapter, route, call);
        List<InboundEvent> events;
        try {
            events = adapter.parse(call, route.credentials());
        } catch (IllegalArgumentException unreadable) {
            throw new Problem(InboundProblem.WEBHOOK_NOT_READABLE, unreadable);
        }
        Operation.tenant(route.tenant());
        database.useTenant(route.tenant(), handle -> {
            for (int i = 0; i < events.size(); i++) {
                UUID operation = i == 0 ? Operation.id() : Ids.next();
                store(handle, route, call, events.get(i), operation);
            }
        });
        if (events.stream().anyMatch(adapter::wantsAcknowledgement)) {
            Thread.ofVirtual().name("acknowledge").start(() -> adapter.acknowledge(route.credentials(), call));
        }
        return adapter.accepted();
    }

    /** The first answer that is a yes, else the last. */
    private static Optional<WebhookReply> handshake(MessengerAdapter adapter, AccountRoute route, InboundCall call) {
        Optional<WebhookReply> reply = Optional.empty();
        for (Map<String, String> credentials : route.signers()) {
            reply = adapter.handshake(call, credentials);
            if (reply.isEmpty() || reply.get().status() < 300) {
                return reply;
            }
        }
        return reply;
    }

    private void demandSigned(MessengerAdapter adapter, AccountRoute route, InboundCall call) {
        if (route.signers().stream().anyMatch(credentials -> adapter.verify(call, credentials))) {
            return;
        }
        refused.increment();
        if (route.enforced()) {
            throw new Problem(InboundProblem.WEBHOOK_NOT_VERIFIED);
        }
        accounts.countWouldBeRefused(route);
    }

    private void store(Handle handle, AccountRoute route, InboundCall call, InboundEvent event, UUID operation) {
        switch (event) {
            case InboundEvent.Message message
            when route.active() -> reception.receive(handle, route, message, operation);
            case InboundEvent.Edit edit -> {
                if (repository.note(handle, route, edit, raw(call))) {
                    threads.edit(handle, route, edit, storable(edit.text()));
                }
            }
            case InboundEvent.Move move -> {
                if (repository.note(handle, route, move, raw(call))) {
                    threads.move(handle, route, move);
                }
            }
            case InboundEvent.Status status -> {
                if (repository.note(handle, route, status, raw(call))) {
                    statuses.note(handle, route.tenant(), route.accountId(), status);
                }
            }
            case InboundEvent other -> repository.note(handle, route, other, raw(call));
        }
    }

    private static String storable(String text) {
        String clean = PlainText.storable(text);
        return clean.length() > LONGEST_TEXT ? clean.substring(0, LONGEST_TEXT) : clean;
    }

    private static String raw(InboundCall call) {
        String text = PlainText.storable(new String(call.body(), StandardCharsets.UTF_8));
        return text.length() > LONGEST_RAW ? text.substring(0, LONGEST_RAW) : text;
    }
}
