package dev.parley.channel.inbound;

import dev.parley.channel.account.AccountRoute;
import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.delivery.StatusService;
import dev.parley.channel.inbound.Batch.Item;
import dev.parley.channel.media.Enclosures;
import dev.parley.channel.reception.ReceptionService;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Stores what a call brought, in its order and in one transaction: messages with what gets them answered, statuses at
 * their sends, everything else as a note. The same events again change nothing.
 */
@ApplicationScoped
class EventStore {
    private static final Logger LOG = Logger.getLogger(EventStore.class);
    private static final String SAVEPOINT = "event";
    /** What the database finds wrong with a value: not its kind, against a rule, too large. */
    private static final Set<String> OF_THE_VALUE = Set.of("22", "23", "54");

    private final Database database;
    private final InboundRepository repository;
    private final ThreadRepository threads;
    private final ReceptionService reception;
    private final StatusService statuses;
    private final Enclosures enclosures;

    EventStore(
            Database database,
            InboundRepository repository,
            ThreadRepository threads,
            ReceptionService reception,
            StatusService statuses,
            Enclosures enclosures) {
        this.database = database;
        this.repository = repository;
        this.threads = threads;
        this.reception = reception;
        this.statuses = statuses;
        this.enclosures = enclosures;
    }

    /**
     * Stores it all; what cannot be stored is noted as unreadable and keeps nothing else back. Files are written before
     * the transaction: those of what was there already are swept.
     */
    void store(TenantId tenant, List<Batch> delivered) {
        List<Batch> batches =
                delivered.stream().map(batch -> withFiles(tenant, batch)).toList();
        try {
            database.useTenant(tenant, handle -> batches.forEach(batch -> store(handle, batch)));
        } catch (JdbiException failure) {
            if (!isOfTheValue(failure)) {
                throw failure;
            }
            database.useTenant(tenant, handle -> batches.forEach(batch -> storeWhatCanBe(handle, batch)));
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

    private void store(Handle handle, Batch batch) {
        AccountRoute route = batch.route();
        List<InboundEvent> noted = batch.items().stream()
                .map(Item::event)
                .filter(event -> !isReceived(event))
                .toList();
        Set<String> fresh = repository.note(handle, route, noted);
        for (Item item : batch.items()) {
            if (isReceived(item.event()) || fresh.remove(item.event().id())) {
                act(handle, route, item);
            }
        }
    }

    private void storeWhatCanBe(Handle handle, Batch batch) {
        for (Item item : batch.items()) {
            handle.savepoint(SAVEPOINT);
            try {
                store(handle, new Batch(batch.route(), List.of(item)));
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

    private void act(Handle handle, AccountRoute route, Item item) {
        switch (item.event()) {
            case InboundEvent.Message message ->
                reception.receive(handle, route, message, item.operation(), item.brought());
            case InboundEvent.Edit edit -> threads.edit(handle, route, edit);
            case InboundEvent.Move move -> threads.move(handle, route, move);
            case InboundEvent.Status status -> statuses.note(handle, route.tenant(), route.accountId(), status);
            default -> {
                // It is noted, and that is all.
            }
        }
    }

    private static boolean isOfTheValue(JdbiException failure) {
        String state = stateOf(failure);
        return state != null && state.length() == 5 && OF_THE_VALUE.contains(state.substring(0, 2));
    }

    private static @Nullable String stateOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql.getSQLState();
            }
        }
        return null;
    }
}
