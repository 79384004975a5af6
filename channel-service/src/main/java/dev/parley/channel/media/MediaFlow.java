package dev.parley.channel.media;

import dev.parley.channel.adapter.Adapters;
import dev.parley.channel.adapter.MediaContent;
import dev.parley.channel.adapter.MediaUnavailable;
import dev.parley.channel.media.MediaService.Fetch;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Fetches what customers sent from their messenger. */
@ApplicationScoped
public class MediaFlow {
    private static final Logger LOG = Logger.getLogger(MediaFlow.class);
    private static final int BATCH = 50;
    private static final int MOST_ATTEMPTS = 5;
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final MediaService media;
    private final Adapters adapters;
    private final MediaConfig config;

    MediaFlow(MediaService media, Adapters adapters, MediaConfig config) {
        this.media = media;
        this.adapters = adapters;
        this.config = config;
    }

    /** Fetches what came with the messages of a conversation that wait for an answer. */
    public void fetch(TenantId tenant, UUID conversation) {
        media.awaitedOf(tenant, conversation).forEach(id -> fetchOne(tenant, id));
    }

    /** Starts fetching what nobody has fetched yet; returns how much that is. */
    public int sweep() {
        var due = media.due(BATCH);
        due.forEach(one -> Thread.ofVirtual().name("media").start(() -> fetchOne(one.tenant(), one.id())));
        return due.size();
    }

    private void fetchOne(TenantId tenant, UUID id) {
        media.claim(tenant, id).ifPresent(fetch -> {
            try {
                MediaContent content = adapters.ofAccount(fetch.claimed().accountType())
                        .orElseThrow()
                        .fetch(
                                fetch.credentials(),
                                fetch.claimed().reference(),
                                config.any().asLongValue());
                media.store(tenant, id, content.bytes());
            } catch (MediaUnavailable unavailable) {
                boolean last = unavailable.lasting() || isLast(fetch);
                media.fail(tenant, id, last ? null : pause(fetch), String.valueOf(unavailable.getMessage()));
            } catch (RuntimeException failure) {
                LOG.warnf(failure, "media %s cannot be fetched", id);
                media.fail(tenant, id, isLast(fetch) ? null : pause(fetch), "it cannot be fetched");
            }
        });
    }

    private static boolean isLast(Fetch fetch) {
        return fetch.claimed().attempts() >= MOST_ATTEMPTS;
    }

    private static Duration pause(Fetch fetch) {
        return PAUSE.multipliedBy(fetch.claimed().attempts());
    }
}
