package dev.parley.channel.search;

import dev.parley.channel.search.SearchRepository.Found;
import dev.parley.platform.data.Database;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Finds what was said. */
@ApplicationScoped
class SearchService {
    /** As many, and as much text, as are looked through in some tenths of a second. */
    private static final int MOST_EXAMINED = 10_000;

    private static final int MOST_BYTES = 2 << 20;

    private final Database database;
    private final SearchRepository repository;
    private final Clock clock;

    SearchService(Database database, SearchRepository repository, Clock clock) {
        this.database = database;
        this.repository = repository;
        this.clock = clock;
    }

    /**
     * Messages with all words of the query, newest first. A page may have few or none and still a next one: so far
     * nothing else was found.
     */
    Page<FoundMessage> search(
            TenantId tenant,
            String query,
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable String cursor,
            @Nullable Integer limit) {
        UUID before = Cursor.decodeId(cursor);
        int size = Cursor.limit(limit);
        Instant first = from == null || from.isBefore(Instant.EPOCH) ? Instant.EPOCH : from;
        Instant soon = clock.instant().plus(Duration.ofDays(1));
        Instant last = to == null || to.isAfter(soon) ? soon : to.isBefore(Instant.EPOCH) ? Instant.EPOCH : to;
        Found found = database.inTenant(
                tenant,
                handle -> repository.search(
                        handle,
                        tenant,
                        query.replace("\0", " "),
                        first,
                        last,
                        before,
                        MOST_EXAMINED,
                        MOST_BYTES,
                        size + 1));
        List<FoundMessage> messages = found.messages();
        return messages.size() > size || found.lookedAt() == null
                ? Page.of(messages, size, message -> message.id().toString())
                : new Page<>(messages, Cursor.encode(found.lookedAt().toString()));
    }
}
