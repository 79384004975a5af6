package dev.parley.channel.media;

import dev.parley.channel.adapter.Adapters;
import dev.parley.channel.adapter.MediaContent;
import dev.parley.channel.adapter.MediaReference;
import dev.parley.channel.adapter.MediaUnavailable;
import dev.parley.channel.media.FetchService.Fetch;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Fetches what customers sent from their messenger, as much at a time as there is memory for. */
@ApplicationScoped
public class MediaFlow {
    private static final Logger LOG = Logger.getLogger(MediaFlow.class);
    private static final int BATCH = 50;
    /** What the vendor's answer is in memory while it comes, and what is made of it. */
    private static final int COPIES = 3;
    /** A vendor that says how much it is may be a little wrong. */
    private static final int MORE_THAN_TOLD = 64 * 1024;

    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final FetchService fetches;
    private final MediaMemory memory;
    private final Adapters adapters;
    private final MediaConfig config;

    MediaFlow(FetchService fetches, MediaMemory memory, Adapters adapters, MediaConfig config) {
        this.fetches = fetches;
        this.memory = memory;
        this.adapters = adapters;
        this.config = config;
    }

    /** Starts fetching what came with the messages of a conversation that wait for an answer; returns at once. */
    public void fetch(TenantId tenant, UUID conversation) {
        fetches.awaitedOf(tenant, conversation).forEach(id -> start(tenant, id));
    }

    /** Starts fetching what nobody has fetched yet; returns how much that is. */
    public int sweep() {
        if (memory.busy()) {
            return 0;
        }
        var due = fetches.due(BATCH);
        due.forEach(one -> start(one.tenant(), one.id()));
        return due.size();
    }

    private void start(TenantId tenant, UUID id) {
        if (!memory.busy()) {
            Thread.ofVirtual().name("media").start(() -> fetchOne(tenant, id));
        }
    }

    private void fetchOne(TenantId tenant, UUID id) {
        fetches.claim(tenant, id).ifPresent(fetch -> {
            long most = most(fetch.claimed().reference());
            Optional<MediaMemory.Share> share = memory.take(tenant, COPIES * most, Duration.ZERO);
            if (share.isEmpty()) {
                fetches.putOff(tenant, id, PAUSE);
                return;
            }
            try (MediaMemory.Share mine = share.get()) {
                fetch(tenant, id, fetch, most);
            }
        });
    }

    private void fetch(TenantId tenant, UUID id, Fetch fetch, long most) {
        try {
            MediaContent content = adapters.ofAccount(fetch.claimed().accountType())
                    .orElseThrow()
                    .fetch(fetch.credentials(), fetch.claimed().reference(), most);
            fetches.store(tenant, id, content.bytes());
        } catch (MediaUnavailable unavailable) {
            boolean last = unavailable.lasting() || fetch.last();
            fetches.fail(tenant, id, last ? null : pause(fetch), String.valueOf(unavailable.getMessage()));
        } catch (RuntimeException failure) {
            LOG.warnf(failure, "media %s cannot be fetched", id);
            fetches.fail(tenant, id, pause(fetch), "it cannot be fetched");
        }
    }

    private long most(MediaReference reference) {
        long most = config.most(reference.kind());
        return reference.bytes() == null ? most : Math.clamp(reference.bytes() + MORE_THAN_TOLD, 1, most);
    }

    private static @Nullable Duration pause(Fetch fetch) {
        return fetch.last() ? null : PAUSE.multipliedBy(fetch.claimed().attempts());
    }
}
