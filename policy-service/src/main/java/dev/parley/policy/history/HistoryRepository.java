package dev.parley.policy.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.engine.Ask;
import dev.parley.policy.engine.Standing;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class HistoryRepository {
    private static final int MOST_EXAMINED = 10_000;
    private static final String ALL = """
            id, operation_id, created_at, agent, channel, feature, user_id, conversation_id, estimate, allow,
            reason_code, rule_id, policy_version, rules_version, credits, remedy, standing, contact
            """;
    private static final String COLUMNS = "select " + ALL + " from decision where tenant_id = :tenant\n";

    /** Where nothing fits there is one row without an id, so that it is known how far was looked. */
    private static final String SEARCH = """
            with seen as materialized (
                select id, created_at, allow, reason_code, agent, channel from decision
                 where tenant_id = :tenant and id >= :lowest and id < coalesce(cast(:before as uuid), :highest) %s
                 order by id desc limit :examined
            ), fits as (
                select id from seen
                 where created_at >= :from and created_at < :to
                   and (cast(:allow as boolean) is null or allow = cast(:allow as boolean))
                   and (cast(:reason as text) is null or reason_code = cast(:reason as text))
                   and (cast(:agent as text) is null or agent = cast(:agent as text))
                   and (cast(:channel as text) is null or channel = cast(:channel as text))
                 order by id desc limit :most)
            select l.looked_at, d.*
              from (select case when count(*) = :examined then (select id from seen order by id limit 1) end as looked_at
                      from seen) l
              left join (fits f cross join lateral (select
            """ + ALL + """
                                                      from decision where tenant_id = :tenant and id = f.id limit 1) d) on true
             order by d.id desc
            """;

    private static final TypeReference<Map<String, Long>> QUANTITIES = new TypeReference<>() {};

    /** How far apart the time in an id and the time in the row may be: the index knows only the first. */
    private static final Duration SLACK = Duration.ofMinutes(5);

    private static final Instant FIRST = Instant.EPOCH.plus(SLACK);
    private static final Instant LAST = Instant.parse("9999-01-01T00:00:00Z");

    private final ObjectMapper mapper;

    HistoryRepository(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /**
     * What a search found.
     *
     * @param lookedAt the last decision that was looked at, when there may be more behind it
     */
    record Found(List<RecordedDecision> decisions, @Nullable UUID lookedAt) {}

    Optional<RecordedDecision> find(Handle handle, TenantId tenant, UUID id) {
        return handle.createQuery(COLUMNS + " and id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id)
                .map((row, context) -> decision(row))
                .findOne();
    }

    /**
     * Newest first, from behind that one. Looks at no more than so many decisions, whatever fits or not.
     *
     * @param most how many are found at most
     */
    Found search(Handle handle, TenantId tenant, Search search, @Nullable UUID before, int most) {
        List<RecordedDecision> decisions = new ArrayList<>();
        AtomicReference<@Nullable UUID> lookedAt = new AtomicReference<>();
        handle.createQuery(SEARCH.formatted(Boolean.FALSE.equals(search.allow()) ? "and not allow" : ""))
                .bind("tenant", tenant.value())
                .bind("lowest", lowest(bounded(search.from(), FIRST).minus(SLACK)))
                .bind("highest", lowest(bounded(search.to(), LAST).plus(SLACK)))
                .bind("before", before)
                .bind("examined", MOST_EXAMINED)
                .bind("from", bounded(search.from(), FIRST))
                .bind("to", bounded(search.to(), LAST))
                .bind("allow", search.allow())
                .bind("reason", search.reasonCode())
                .bind("agent", search.agent())
                .bind("channel", search.channel())
                .bind("most", most)
                .map((row, context) -> {
                    lookedAt.set(row.getObject("looked_at", UUID.class));
                    return row.getObject("id") == null || decisions.add(decision(row));
                })
                .list();
        return new Found(decisions, lookedAt.get());
    }

    /** Oldest first, from behind that one; for the app and the relay role. */
    List<RecordedDecision> after(
            Handle handle, TenantId tenant, Instant from, Instant to, @Nullable UUID after, int limit) {
        return handle.createQuery(COLUMNS + """
                           and id > coalesce(cast(:after as uuid), :lowest) and id < :highest
                           and created_at >= :from and created_at < :to
                         order by id limit :limit
                        """)
                .bind("tenant", tenant.value())
                .bind("after", after)
                .bind("lowest", lowest(bounded(from, FIRST).minus(SLACK)))
                .bind("highest", lowest(bounded(to, LAST).plus(SLACK)))
                .bind("from", bounded(from, FIRST))
                .bind("to", bounded(to, LAST))
                .bind("limit", limit)
                .map((row, context) -> decision(row))
                .list();
    }

    private static Instant bounded(@Nullable Instant time, Instant otherwise) {
        if (time == null) {
            return otherwise;
        }
        return time.isBefore(FIRST) ? FIRST : time.isAfter(LAST) ? LAST : time;
    }

    /** The smallest UUIDv7 of that time. */
    private static UUID lowest(Instant time) {
        return new UUID(time.toEpochMilli() << 16 | 0x7000, 0x8000_0000_0000_0000L);
    }

    private RecordedDecision decision(ResultSet row) throws SQLException {
        String standing = row.getString("standing");
        String contact = row.getString("contact");
        return new RecordedDecision(
                row.getObject("id", UUID.class),
                row.getObject("operation_id", UUID.class),
                row.getTimestamp("created_at").toInstant(),
                row.getString("agent"),
                row.getString("channel"),
                row.getString("feature"),
                row.getString("user_id"),
                row.getString("conversation_id"),
                read(row.getString("estimate"), QUANTITIES),
                row.getBoolean("allow"),
                row.getString("reason_code"),
                row.getString("rule_id"),
                row.getLong("policy_version"),
                row.getInt("rules_version"),
                row.getLong("credits"),
                row.getString("remedy"),
                standing == null ? null : read(standing, new TypeReference<Standing>() {}),
                contact == null ? null : read(contact, new TypeReference<Ask.Contact>() {}));
    }

    private <T> T read(String json, TypeReference<T> type) {
        try {
            return mapper.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
