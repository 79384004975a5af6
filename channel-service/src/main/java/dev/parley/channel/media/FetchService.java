package dev.parley.channel.media;

import dev.parley.channel.account.AccountService;
import dev.parley.channel.adapter.MediaUnavailable;
import dev.parley.channel.media.MediaRepository.Claimed;
import dev.parley.channel.media.MediaRepository.Due;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Keeps what customers sent and is still with their messenger: who fetches it, how often it was tried, how it ended. */
@ApplicationScoped
class FetchService {
    private static final int MOST_ATTEMPTS = 5;
    /** How long one waits for which there is no memory. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final Database database;
    private final MediaRepository repository;
    private final AccountService accounts;
    private final MediaIntake intake;
    private final MediaConfig config;

    FetchService(
            Database database,
            MediaRepository repository,
            AccountService accounts,
            MediaIntake intake,
            MediaConfig config) {
        this.database = database;
        this.repository = repository;
        this.accounts = accounts;
        this.intake = intake;
        this.config = config;
    }

    List<Due> due(int limit) {
        return database.acrossTenants(handle -> repository.due(handle, limit));
    }

    List<UUID> awaitedOf(TenantId tenant, UUID conversation) {
        return database.inTenant(tenant, handle -> repository.awaitedOf(handle, tenant, conversation));
    }

    /**
     * Takes one to fetch it; empty when another has it, or when it was tried often enough: whatever ends processes is
     * not tried for ever.
     */
    Optional<Fetch> claim(TenantId tenant, UUID id) {
        return database.inTenant(tenant, handle -> {
            Optional<Claimed> claimed = repository.claim(handle, tenant, id, config.fetchLease());
            if (claimed.isPresent() && claimed.get().attempts() > MOST_ATTEMPTS) {
                repository.failed(handle, tenant, id, null, "it was tried " + MOST_ATTEMPTS + " times");
                return Optional.<Fetch>empty();
            }
            return claimed.map(mine -> new Fetch(
                    mine, accounts.credentials(handle, tenant, mine.account()), mine.attempts() == MOST_ATTEMPTS));
        });
    }

    /** Gives one back that could not even be tried. */
    void putOff(TenantId tenant, UUID id) {
        database.useTenant(tenant, handle -> repository.putOff(handle, tenant, id, PAUSE));
    }

    /**
     * Keeps what a vendor gives; what is not kept has failed for good.
     *
     * @throws MediaUnavailable when it breaks off
     */
    void store(TenantId tenant, UUID id, InputStream content) {
        MediaIntake.Outcome outcome;
        try {
            outcome = intake.take(tenant, id, content);
        } catch (IOException cut) {
            throw new MediaUnavailable(false, "it broke off");
        }
        switch (outcome) {
            case MediaIntake.Kept kept ->
                database.useTenant(tenant, handle -> repository.stored(handle, tenant, id, kept.type(), kept.file()));
            case MediaIntake.Busy busy -> putOff(tenant, id);
            case MediaIntake.Refused refused -> fail(tenant, id, null, refused.why());
        }
    }

    /** Notes that an attempt failed; without a pause there is no other. */
    void fail(TenantId tenant, UUID id, @Nullable Duration pause, String error) {
        database.useTenant(tenant, handle -> repository.failed(handle, tenant, id, pause, error));
    }

    /** Something to be fetched, and the account's credentials for it. */
    record Fetch(Claimed claimed, Map<String, String> credentials, boolean last) {}
}
