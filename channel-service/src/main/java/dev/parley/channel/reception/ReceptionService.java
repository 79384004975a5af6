package dev.parley.channel.reception;

import dev.parley.channel.account.AccountRoute;
import dev.parley.channel.adapter.Adapters;
import dev.parley.channel.adapter.InboundMessage;
import dev.parley.channel.adapter.OutboundReply;
import dev.parley.channel.contact.OptOutService;
import dev.parley.channel.contact.OptOutWords;
import dev.parley.channel.contact.OptOutWords.Wish;
import dev.parley.channel.contact.PhoneNumbers;
import dev.parley.channel.contact.Regions;
import dev.parley.channel.conversation.MessageEvent;
import dev.parley.channel.delivery.DeliveryService;
import dev.parley.channel.delivery.Purpose;
import dev.parley.channel.handoff.HandoffService;
import dev.parley.channel.media.Enclosures;
import dev.parley.channel.media.MediaService;
import dev.parley.channel.reception.ReceptionRepository.Received;
import dev.parley.channel.reception.ReceptionRepository.Row;
import dev.parley.channel.text.PlainText;
import dev.parley.channel.turn.AnswerConfig;
import dev.parley.platform.data.Columns;
import dev.parley.platform.id.Ids;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Takes what end customers write: stored once, with the event that gets it answered. STOP and START end here. */
@ApplicationScoped
public class ReceptionService {
    private static final String OPTED_OUT = "OPTED_OUT";
    private static final String OPTED_IN = "OPTED_IN";
    private static final String PAUSED = "CHANNEL_PAUSED";

    private final ReceptionRepository repository;
    private final ThreadChoice threads;
    private final OptOutWords words;
    private final OptOutService optOuts;
    private final DeliveryService deliveries;
    private final HandoffService handoffs;
    private final MediaService media;
    private final Enclosures enclosures;
    private final Adapters adapters;
    private final AnswerConfig answers;
    private final Regions regions;

    ReceptionService(
            ReceptionRepository repository,
            ThreadChoice threads,
            OptOutWords words,
            OptOutService optOuts,
            DeliveryService deliveries,
            HandoffService handoffs,
            MediaService media,
            Enclosures enclosures,
            Adapters adapters,
            AnswerConfig answers,
            Regions regions) {
        this.repository = repository;
        this.threads = threads;
        this.words = words;
        this.optOuts = optOuts;
        this.deliveries = deliveries;
        this.handoffs = handoffs;
        this.media = media;
        this.enclosures = enclosures;
        this.adapters = adapters;
        this.answers = answers;
        this.regions = regions;
    }

    /**
     * Stores messages in the transaction of their webhook calls; an event that was stored before is only counted. On an
     * account that is paused they are kept and not answered.
     *
     * @param arrivals of one tenant; no two of them of the same sender, thread or number
     * @return for each what gets it answered, to be published in the same transaction; empty for what was there
     */
    public List<Optional<MessageEvent>> receive(Handle handle, TenantId tenant, List<Arrival> arrivals) {
        List<Row> rows = arrivals.stream().map(arrival -> row(handle, arrival)).toList();
        List<Optional<Received>> received =
                repository.receive(handle, tenant, rows, Columns.seconds(answers.abandonedAfter()));
        List<Optional<MessageEvent>> events = new ArrayList<>(arrivals.size());
        for (int i = 0; i < arrivals.size(); i++) {
            Arrival arrival = arrivals.get(i);
            UUID message = rows.get(i).message();
            if (received.get(i).isEmpty()) {
                repository.countDuplicate(handle, arrival.route(), arrival.event());
            }
            events.add(received.get(i).map(stored -> finish(handle, arrival, message, stored)));
        }
        return events;
    }

    private Row row(Handle handle, Arrival arrival) {
        InboundMessage message = arrival.event().message();
        return new Row(
                arrival.route(),
                arrival.event(),
                arrival.operation(),
                Ids.next(),
                threads.key(handle, arrival.route(), message),
                PlainText.kept(message.written()),
                PhoneNumbers.e164(
                                message.sender().phone(),
                                regions.of(arrival.route().tenant()))
                        .orElse(null));
    }

    private MessageEvent finish(Handle handle, Arrival arrival, UUID message, Received stored) {
        AccountRoute route = arrival.route();
        InboundMessage inbound = arrival.event().message();
        String writer = ReceptionRepository.writer(route, inbound);
        if (!inbound.media().isEmpty()) {
            media.expect(
                    handle,
                    route.tenant(),
                    route.accountId(),
                    stored.conversationId(),
                    message,
                    inbound.media(),
                    writer);
        }
        if (!arrival.files().isEmpty()) {
            enclosures.attach(handle, route.tenant(), stored.conversationId(), message, arrival.files(), writer);
        }
        if (!obey(handle, route, stored, inbound, message, arrival.operation())
                && stored.waiting()
                && !stored.optedOut()) {
            reassure(handle, route, stored);
        }
        return MessageEvent.of(
                MessageEvent.Kind.RECEIVED,
                message,
                stored.conversationId(),
                arrival.operation(),
                route.channel(),
                route.agent(),
                stored.at());
    }

    /**
     * Whether storing a message locks only its sender and its thread, each of which is the other's alone: who shares a
     * thread, opens several, or opts out of all of them, locks more.
     */
    public boolean isSelfContained(AccountRoute route, InboundMessage message) {
        return message.alone()
                && threads.most(route).isEmpty()
                && words.read(said(message), route.channel(), null) == Wish.NONE;
    }

    private static String said(InboundMessage message) {
        return message.buttonPayload() == null ? message.text() : message.buttonPayload();
    }

    /**
     * A wish to hear no more, or to hear again, is fulfilled here: no agent is asked, and nobody is charged. Of a group
     * only who wrote is meant: that person is not answered any more, the others are. A pressed button says what its maker
     * wrote, not what its title reads.
     *
     * @return whether the message is done with
     */
    private boolean obey(
            Handle handle, AccountRoute route, Received stored, InboundMessage inbound, UUID message, UUID operation) {
        String said = said(inbound);
        Wish wish = words.read(said, route.channel(), stored.language());
        if (wish == Wish.STOP) {
            boolean first = optOuts.optOut(handle, route.tenant(), stored.contact(), message, OptOutWords.plain(said));
            repository.refuse(handle, route.tenant(), operation, OPTED_OUT);
            repository.refuseOpen(
                    handle,
                    route.tenant(),
                    stored.contact(),
                    stored.conversationId(),
                    ReceptionRepository.writer(route, inbound),
                    OPTED_OUT);
            if (first) {
                say(handle, route, stored, inbound, operation, wish);
            }
            return true;
        }
        if (wish == Wish.START && stored.optedOut()) {
            optOuts.optIn(handle, route.tenant(), stored.contact(), OptOutWords.plain(said));
            repository.handled(handle, route.tenant(), operation, OPTED_IN);
            say(handle, route, stored, inbound, operation, wish);
            return true;
        }
        if (stored.optedOut() && !inbound.alone()) {
            repository.refuse(handle, route.tenant(), operation, OPTED_OUT);
            return true;
        }
        if (!route.active()) {
            repository.refuse(handle, route.tenant(), operation, PAUSED);
            return true;
        }
        return false;
    }

    /** Tells that the wish was understood, unless the messenger itself does, others would read it, or nothing is said at the time. */
    private void say(
            Handle handle, AccountRoute route, Received stored, InboundMessage inbound, UUID operation, Wish wish) {
        if (!route.active()
                || !inbound.alone()
                || adapters.messenger(route.channel()).orElseThrow().answersOptOut()) {
            return;
        }
        tell(handle, route, stored, stored.seq(), operation, words.notice(wish, stored.language()));
    }

    /** Tells once who writes while nobody has come yet; the message itself stays to be answered. */
    private void reassure(Handle handle, AccountRoute route, Received stored) {
        handoffs.reassurance(handle, route.tenant(), stored.conversationId(), stored.language())
                .ifPresent(text -> tell(
                        handle,
                        route,
                        stored,
                        repository.nextTurn(handle, route.tenant(), stored.conversationId()),
                        Ids.next(),
                        text));
    }

    private void tell(Handle handle, AccountRoute route, Received stored, long seq, UUID operation, String text) {
        UUID notice = Ids.next();
        repository.notice(handle, route.tenant(), stored.conversationId(), seq, operation, notice, text);
        deliveries.plan(
                handle,
                route.tenant(),
                stored.conversationId(),
                notice,
                operation,
                OutboundReply.of(text),
                Purpose.NOTICE,
                0);
    }
}
