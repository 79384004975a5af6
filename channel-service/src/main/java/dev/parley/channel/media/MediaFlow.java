package dev.parley.channel.media;

import dev.parley.channel.adapter.Adapters;
import dev.parley.channel.adapter.MediaReference;
import dev.parley.channel.adapter.MediaUnavailable;
import dev.parley.channel.media.FetchService.Fetch;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
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
    /** What is in memory of one while it comes: it is written as it is read. */
    private static final long UNDER_WAY = 256 * 1024;

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
            Optional<MediaMemory.Share> share = memory.take(tenant, UNDER_WAY, Duration.ZERO);
            if (share.isEmpty()) {
                fetches.putOff(tenant, id);
                return;
            }
            try (MediaMemory.Share mine = share.get()) {
                fetch(tenant, id, fetch);
            }
        });
    }

    private void fetch(TenantId tenant, UUID id, Fetch fetch) {
        MediaReference reference = fetch.claimed().reference();
        try (InputStream content = adapters.messengerOfAccount(fetch.claimed().accountType())
                .orElseThrow()
                .fetch(fetch.credentials(), reference, config.most(reference.kind()))) {
            fetches.store(tenant, id, content);
        } catch (MediaUnavailable unavailable) {
            boolean last = unavailable.lasting() || fetch.last();
            fetches.fail(tenant, id, last ? null : pause(fetch), String.valueOf(unavailable.getMessage()));
        } catch (IOException | RuntimeException failure) {
            LOG.warnf(failure, "media %s cannot be fetched", id);
            fetches.fail(tenant, id, pause(fetch), "it cannot be fetched");
        }
    }

    private static @Nullable Duration pause(Fetch fetch) {
        return fetch.last() ? null : PAUSE.multipliedBy(fetch.claimed().attempts());
    }
}
