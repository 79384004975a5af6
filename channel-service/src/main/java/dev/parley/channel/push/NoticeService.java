package dev.parley.channel.push;

import dev.parley.channel.account.AccountService;
import dev.parley.channel.account.TroubleService;
import dev.parley.channel.adapter.Adapters;
import dev.parley.channel.adapter.PushAdapter;
import dev.parley.channel.adapter.PushNotice;
import dev.parley.channel.adapter.PushOutcome;
import dev.parley.channel.device.DeviceService;
import dev.parley.channel.push.NoticeRepository.Due;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/** Keeps notices: ordered with the event of an answer, READ when somebody read it as it came, else sent once. */
@ApplicationScoped
public class NoticeService {
    private static final Logger LOG = Logger.getLogger(NoticeService.class);
    private static final String DROPPED = "DROPPED";

    private final Database database;
    private final NoticeRepository repository;
    private final DeviceService devices;
    private final AccountService accounts;
    private final TroubleService troubles;
    private final Adapters adapters;
    private final NoticeWords words;
    private final PushConfig config;
    private final Clock clock;

    NoticeService(
            Database database,
            NoticeRepository repository,
            DeviceService devices,
            AccountService accounts,
            TroubleService troubles,
            Adapters adapters,
            NoticeWords words,
            PushConfig config,
            Clock clock) {
        this.database = database;
        this.repository = repository;
        this.devices = devices;
        this.accounts = accounts;
        this.troubles = troubles;
        this.adapters = adapters;
        this.words = words;
        this.config = config;
        this.clock = clock;
    }

    /** Orders notices of answers for the devices of their conversations; again, it changes nothing. */
    public void plan(TenantId tenant, List<SentMessage> sent) {
        if (!sent.isEmpty()) {
            database.useTenant(tenant, handle -> repository.plan(handle, tenant, sent, config.grace(), config.keep()));
        }
    }

    /** Notes that an answer was read as it came: nobody is notified of it who was not yet. */
    void read(TenantId tenant, SentMessage sent) {
        database.useTenant(tenant, handle -> repository.read(handle, tenant, sent, null));
    }

    /** As {@link #read}, if one of those who listened began the conversation. */
    void heard(TenantId tenant, SentMessage sent, Set<String> listeners) {
        database.useTenant(tenant, handle -> repository.read(handle, tenant, sent, listeners));
    }

    /** The tenants for whom something is due. */
    List<TenantId> tenantsWithDue() {
        return database.acrossTenants(repository::tenantsWithDue);
    }

    /**
     * What was taken.
     *
     * @param more whether there may be more: something was due, even if nothing of it is to be sent
     */
    record Claim(List<Order> orders, boolean more) {}

    /** Takes some of what is due and still wanted of a tenant's notices; what rests or is late goes out of the way. */
    Claim claim(TenantId tenant, int most) {
        return database.inTenant(tenant, handle -> {
            repository.abandon(handle, tenant);
            Map<UUID, Map<String, String>> credentials = new HashMap<>();
            Map<UUID, Instant> resting = new HashMap<>();
            List<Order> orders = new ArrayList<>();
            List<Due> met = repository.due(handle, tenant, most);
            for (Due due : met) {
                String dropped = dropped(due);
                if (due.expired()) {
                    continue;
                }
                if (dropped != null) {
                    repository.end(handle, tenant, due.id(), DROPPED, dropped);
                } else if (due.restsUntil() != null) {
                    resting.put(due.account(), due.restsUntil());
                } else {
                    begin(handle, tenant, due, credentials).ifPresent(orders::add);
                }
            }
            if (met.stream().anyMatch(Due::expired)) {
                repository.expire(handle, tenant);
            }
            resting.forEach((account, until) -> repository.wait(handle, tenant, account, until));
            return new Claim(orders, !met.isEmpty());
        });
    }

    /** Begins a notice; one that cannot be prepared ends, so that it holds up no other. */
    private Optional<Order> begin(Handle handle, TenantId tenant, Due due, Map<UUID, Map<String, String>> credentials) {
        Order order;
        try {
            order = order(
                    handle,
                    tenant,
                    due,
                    credentials.computeIfAbsent(
                            due.account(), account -> accounts.credentials(handle, tenant, account)));
        } catch (JdbiException failed) {
            // The transaction is over with it.
            throw failed;
        } catch (RuntimeException failure) {
            LOG.warnf(failure, "notice %s cannot be prepared", due.id());
            repository.end(handle, tenant, due.id(), DROPPED, "it cannot be prepared");
            return Optional.empty();
        }
        repository.begin(handle, tenant, due.id(), config.lease());
        return Optional.of(order);
    }

    /** Why nobody is to be told any more; null when somebody is. */
    private static @Nullable String dropped(Due due) {
        if (due.device() == null) {
            return "the device is registered no longer";
        }
        if (due.account() == null) {
            return "the channel is disconnected or paused";
        }
        if (due.optedOut()) {
            return "the contact opted out";
        }
        return due.cancelled() ? "the answer was withdrawn" : null;
    }

    private Order order(Handle handle, TenantId tenant, Due due, Map<String, String> credentials) {
        PushAdapter adapter = adapters.pushOfAccount(due.accountType()).orElseThrow();
        String body = adapter.previews(credentials)
                ? words.preview(due.text(), due.language(), config.preview())
                : words.in(due.language());
        Duration left = Duration.between(clock.instant(), due.expiresAt());
        PushNotice notice = new PushNotice(
                devices.token(handle, tenant, due.device(), due.token()),
                due.conversation(),
                due.message(),
                NoticeWords.title(due.accountName()),
                body,
                left.isNegative() ? Duration.ZERO : left);
        return new Order(
                tenant, due.id(), due.attempts() + 1, due.account(), due.troubled(), adapter, credentials, notice);
    }

    /** Notes what became of a sending. */
    void finish(Order order, PushOutcome outcome) {
        TenantId tenant = order.tenant();
        database.useTenant(tenant, handle -> {
            switch (outcome) {
                case PushOutcome.Sent sent -> {
                    repository.finish(handle, order, "SENT", null, Duration.ZERO);
                    if (order.troubled()) {
                        troubles.taken(handle, tenant, order.channel());
                    }
                }
                case PushOutcome.Gone gone -> {
                    repository.finish(handle, order, DROPPED, gone.reason(), Duration.ZERO);
                    devices.gone(handle, tenant, order.channel(), order.notice().token());
                }
                case PushOutcome.Later later -> {
                    repository.finish(handle, order, "PENDING", later.reason(), later.after());
                    if (later.account()) {
                        troubles.note(handle, tenant, order.channel(), later.reason(), later.after());
                    }
                }
                case PushOutcome.Refused refused -> {
                    repository.finish(handle, order, "REFUSED", refused.reason(), Duration.ZERO);
                    if (refused.account()) {
                        troubles.note(handle, tenant, order.channel(), refused.reason(), null);
                    }
                }
                case PushOutcome.Unknown unknown ->
                    repository.finish(handle, order, "AMBIGUOUS", unknown.reason(), Duration.ZERO);
            }
        });
    }
}
