package dev.parley.channel.inbound;

import dev.parley.channel.account.AccountRoute;
import dev.parley.channel.account.AccountService;
import dev.parley.channel.account.AccountUpkeepService;
import dev.parley.channel.account.AccountUpkeepService.Unasked;
import dev.parley.channel.adapter.Adapters;
import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.adapter.MessengerAdapter;
import dev.parley.channel.inbound.Batch.Item;
import dev.parley.platform.id.Ids;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Asks vendors that do not repeat a webhook what customers wrote while nobody took their calls. What was taken is known
 * by its id, so asking for too much does no harm.
 */
@ApplicationScoped
class ReconcileFlow {
    private static final Logger LOG = Logger.getLogger(ReconcileFlow.class);
    /** A message may be listed later than it was written. */
    private static final Duration OVERLAP = Duration.ofMinutes(2);

    private final AccountUpkeepService upkeep;
    private final AccountService accounts;
    private final Adapters adapters;
    private final EventStore store;
    private final AtomicBoolean asking = new AtomicBoolean();

    ReconcileFlow(AccountUpkeepService upkeep, AccountService accounts, Adapters adapters, EventStore store) {
        this.upkeep = upkeep;
        this.accounts = accounts;
        this.adapters = adapters;
        this.store = store;
    }

    /** Starts asking for every account that is due, unless that is going on; returns for how many. */
    int sweep() {
        if (!asking.compareAndSet(false, true)) {
            return 0;
        }
        List<Unasked> due = List.of();
        try {
            due = upkeep.unasked();
        } finally {
            if (due.isEmpty()) {
                asking.set(false);
            }
        }
        if (!due.isEmpty()) {
            List<Unasked> accounts = due;
            // Vendors may be slow, and the sweeper has others to look after.
            Thread.ofVirtual().name("reconcile").start(() -> askAll(accounts));
        }
        return due.size();
    }

    private void askAll(List<Unasked> due) {
        try {
            for (Unasked account : due) {
                Optional<Instant> since = upkeep.ask(account);
                Optional<AccountRoute> route = accounts.route(account.id());
                if (since.isPresent() && route.isPresent()) {
                    ask(account, route.get(), since.get());
                }
            }
        } catch (RuntimeException failure) {
            LOG.warnf("asking what came ended early: %s", failure.getMessage());
        } finally {
            asking.set(false);
        }
    }

    private void ask(Unasked account, AccountRoute route, Instant since) {
        MessengerAdapter adapter = adapters.messengerOfAccount(route.type()).orElseThrow();
        try {
            Instant from = since.minus(OVERLAP);
            List<InboundEvent> received = adapter.received(
                    route.credentials(), from.isBefore(route.connectedAt()) ? route.connectedAt() : from);
            if (!received.isEmpty()) {
                store.store(account.tenant(), List.of(new Batch(route, oldestFirst(received))));
            }
            upkeep.answered(account);
        } catch (RuntimeException failure) {
            LOG.infof("the vendor of channel %s cannot be asked what came: %s", account.id(), failure.getMessage());
        }
    }

    private static List<Item> oldestFirst(List<InboundEvent> received) {
        List<Item> items = new ArrayList<>();
        for (InboundEvent event : received) {
            items.add(Item.of(event, Ids.next()));
        }
        Collections.reverse(items);
        return items;
    }
}
