package dev.parley.agent.run;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.platform.data.Database;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** Tells of a conversation that goes round in circles: once per process and window, however often it is refused. */
@ApplicationScoped
class LoopAlarm {
    private static final Logger LOG = Logger.getLogger(LoopAlarm.class);
    private static final int CONVERSATIONS_KEPT = 10_000;

    private final Database database;
    private final Outbox outbox;
    private final Cache<Told, Boolean> told;

    LoopAlarm(Database database, Outbox outbox, RunConfig config) {
        this.database = database;
        this.outbox = outbox;
        this.told = Caffeine.newBuilder()
                .maximumSize(CONVERSATIONS_KEPT)
                .expireAfterWrite(config.loop().window())
                .build();
    }

    private record Told(TenantId tenant, String conversationId) {}

    /** Tells of it; whoever asked is refused all the same when it cannot be told now, and then the next one tells. */
    void raise(TenantId tenant, RunRequest request) {
        Told key = new Told(tenant, request.conversationId());
        if (told.getIfPresent(key) != null) {
            return;
        }
        LOG.warn("a conversation goes round in circles");
        try {
            database.useTenant(
                    tenant,
                    handle -> outbox.append(
                            handle,
                            tenant,
                            new ConversationLooping(
                                    tenant,
                                    request.conversationId(),
                                    request.operationId(),
                                    request.agent(),
                                    request.channel())));
            told.put(key, true);
        } catch (RuntimeException unreachable) {
            LOG.warn("a looping conversation could not be told of", unreachable);
        }
    }
}
