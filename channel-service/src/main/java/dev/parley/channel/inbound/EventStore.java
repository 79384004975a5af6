package dev.parley.channel.inbound;

import dev.parley.channel.account.AccountRoute;
import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.contact.Regions;
import dev.parley.channel.conversation.MessageEvent;
import dev.parley.channel.delivery.StatusService;
import dev.parley.channel.inbound.Batch.Item;
import dev.parley.channel.inbound.Together.Waiting;
import dev.parley.channel.media.Enclosures;
import dev.parley.channel.reception.Arrival;
import dev.parley.channel.reception.ReceptionService;
import dev.parley.platform.data.Database;
import dev.parley.platform.data.Groups;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.operation.Trace;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Stores what a call brought, in its order and in one transaction: messages with what gets them answered, statuses at
 * their sends, everything else as a note. The same events again change nothing. Calls that bring a single message of
 * somebody alone, as nearly all do, are committed together with those of the same tenant that wait at that moment.
 */
@ApplicationScoped
class EventStore {
    private static final Logger LOG = Logger.getLogger(EventStore.class);
    private static final String SAVEPOINT = "event";
    /** What the database finds wrong with a value: not its kind, against a rule, too large. */
    private static final Set<String> OF_THE_VALUE = Set.of("22", "23", "54");

    private static final int MOST_TOGETHER = 32;
    /** Of one tenant at a time, each with its own threads: while one waits for the disk, another writes. */
    private static final int LANES = 4;
    /** After that the others of a group follow in another: the database is slow, and who is stored holds locks. */
    private static final long LONGEST_COMMIT = Duration.ofSeconds(2).toNanos();

    private final Database database;
    private final InboundRepository repository;
    private final ThreadRepository threads;
    private final ReceptionService reception;
    private final StatusService statuses;
    private final Enclosures enclosures;
    private final Outbox outbox;
    private final Regions regions;
    private final Groups<Lane, Waiting, Optional<RuntimeException>> groups;

    EventStore(
            Database database,
            InboundRepository repository,
            ThreadRepository threads,
            ReceptionService reception,
            StatusService statuses,
            Enclosures enclosures,
            Outbox outbox,
            Regions regions) {
        this.database = database;
        this.repository = repository;
        this.threads = threads;
        this.reception = reception;
        this.statuses = statuses;
        this.enclosures = enclosures;
        this.outbox = outbox;
        this.regions = regions;
        this.groups = new Groups<>(MOST_TOGETHER, this::storeTogether);
    }

    private record Lane(TenantId tenant, int number) {}

    /**
     * Stores it all; what cannot be stored is noted as unreadable and keeps nothing else back. Files are written before
     * the transaction: those of what was there already are swept.
     */
    void store(TenantId tenant, List<Batch> delivered) {
        List<Batch> batches =
                delivered.stream().map(batch -> withFiles(tenant, batch)).toList();
        Call call = new Call(batches, Operation.id(), Trace.traceparent());
        place(batches)
                .ifPresentOrElse(
                        place -> groups.run(
                                        new Lane(tenant, place.lane(LANES)),
                                        new Waiting(call, place, System.nanoTime()))
                                .ifPresent(failure -> {
                                    throw failure;
                                }),
                        () -> storeAlone(tenant, call));
    }

    /**
     * The place among others of a single message. Empty for what locks more than its own writer and thread: no order of
     * calls keeps two of those from waiting for each other.
     */
    private Optional<Place> place(List<Batch> batches) {
        if (batches.size() != 1 || batches.getFirst().items().size() != 1) {
            return Optional.empty();
        }
        AccountRoute route = batches.getFirst().route();
        if (!(batches.getFirst().items().getFirst().event() instanceof InboundEvent.Message event)
                || !reception.isSelfContained(route, event.message())) {
            return Optional.empty();
        }
        return Optional.of(Place.of(route.accountId(), event.message(), regions.of(route.tenant())));
    }

    private List<Optional<RuntimeException>> storeTogether(Lane lane, List<Waiting> calls) {
        return new Together(
                        (waiting, begun) -> commit(lane.tenant(), waiting, begun),
                        one -> {
                            enter(lane.tenant(), one.call());
                            storeAlone(lane.tenant(), one.call());
                        },
                        System::nanoTime)
                .store(calls);
    }

    private int commit(TenantId tenant, List<List<Waiting>> rounds, Consumer<List<Waiting>> begun) {
        return database.inTenant(tenant, handle -> {
            List<Outbox.Entry> told = new ArrayList<>();
            long start = System.nanoTime();
            int stored = 0;
            while (stored < rounds.size() && (stored == 0 || System.nanoTime() - start < LONGEST_COMMIT)) {
                List<Waiting> round = rounds.get(stored++);
                begun.accept(round);
                store(handle, tenant, round, told);
            }
            begun.accept(List.of());
            outbox.appendEach(handle, tenant, told);
            return stored;
        });
    }

    private void store(Handle handle, TenantId tenant, List<Waiting> round, List<Outbox.Entry> told) {
        List<Optional<MessageEvent>> events = reception.receive(
                handle,
                tenant,
                round.stream().map(waiting -> arrival(waiting.call())).toList());
        for (int i = 0; i < events.size(); i++) {
            Call call = round.get(i).call();
            events.get(i).ifPresent(event -> told.add(new Outbox.Entry(event, call.operation(), call.traceparent())));
        }
    }

    /** The message of a call that has a place among others. */
    private static Arrival arrival(Call call) {
        Batch batch = call.batches().getFirst();
        Item item = batch.items().getFirst();
        return new Arrival(batch.route(), (InboundEvent.Message) item.event(), item.operation(), item.brought());
    }

    private static void enter(TenantId tenant, Call call) {
        Operation.leave();
        Operation.enter(call.operation());
        Operation.tenant(tenant);
        Trace.enter(call.traceparent());
    }

    private void storeAlone(TenantId tenant, Call call) {
        try {
            database.useTenant(tenant, handle -> {
                List<Outbox.Entry> told = new ArrayList<>();
                call.batches().forEach(batch -> store(handle, call, batch, told));
                outbox.appendEach(handle, tenant, told);
            });
        } catch (JdbiException failure) {
            if (!isOfTheValue(failure)) {
                throw failure;
            }
            database.useTenant(tenant, handle -> {
                List<Outbox.Entry> told = new ArrayList<>();
                call.batches().forEach(batch -> storeWhatCanBe(handle, call, batch, told));
                outbox.appendEach(handle, tenant, told);
            });
        }
    }

    private Batch withFiles(TenantId tenant, Batch batch) {
        if (batch.items().stream().allMatch(item -> item.files().isEmpty())) {
            return batch;
        }
        return new Batch(
                batch.route(),
                batch.items().stream()
                        .map(item -> item.with(enclosures.bring(tenant, item.files())))
                        .toList());
    }

    private void store(Handle handle, Call call, Batch batch, List<Outbox.Entry> told) {
        AccountRoute route = batch.route();
        List<InboundEvent> noted = batch.items().stream()
                .map(Item::event)
                .filter(event -> !isReceived(event))
                .toList();
        Set<String> fresh = repository.note(handle, route, noted);
        for (Item item : batch.items()) {
            if (isReceived(item.event()) || fresh.remove(item.event().id())) {
                act(handle, route, item)
                        .ifPresent(event -> told.add(new Outbox.Entry(event, call.operation(), call.traceparent())));
            }
        }
    }

    private void storeWhatCanBe(Handle handle, Call call, Batch batch, List<Outbox.Entry> told) {
        for (Item item : batch.items()) {
            handle.savepoint(SAVEPOINT);
            try {
                store(handle, call, new Batch(batch.route(), List.of(item)), told);
                handle.releaseSavepoint(SAVEPOINT);
            } catch (JdbiException failure) {
                if (!isOfTheValue(failure)) {
                    throw failure;
                }
                LOG.warnf(
                        "an event of channel %s cannot be stored: %s",
                        batch.route().accountId(), stateOf(failure));
                handle.rollbackToSavepoint(SAVEPOINT);
                repository.note(handle, batch.route(), List.of(unreadable(item.event())));
            }
        }
    }

    private static InboundEvent unreadable(InboundEvent event) {
        return new InboundEvent.Other(event.id(), "unreadable", event.kind());
    }

    private static boolean isReceived(InboundEvent event) {
        return event instanceof InboundEvent.Message;
    }

    /** Does what an event asks for, and returns what there is to tell of it. */
    private Optional<MessageEvent> act(Handle handle, AccountRoute route, Item item) {
        switch (item.event()) {
            case InboundEvent.Message message -> {
                return reception
                        .receive(
                                handle,
                                route.tenant(),
                                List.of(new Arrival(route, message, item.operation(), item.brought())))
                        .getFirst();
            }
            case InboundEvent.Edit edit -> threads.edit(handle, route, edit);
            case InboundEvent.Move move -> threads.move(handle, route, move);
            case InboundEvent.Status status -> statuses.note(handle, route.tenant(), route.accountId(), status);
            default -> {
                // It is noted, and that is all.
            }
        }
        return Optional.empty();
    }

    private static boolean isOfTheValue(JdbiException failure) {
        String state = stateOf(failure);
        return state != null && state.length() == 5 && OF_THE_VALUE.contains(state.substring(0, 2));
    }

    static @Nullable String stateOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql.getSQLState();
            }
        }
        return null;
    }
}
