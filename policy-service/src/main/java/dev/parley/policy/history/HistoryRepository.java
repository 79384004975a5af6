package dev.parley.policy.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.engine.Standing;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class HistoryRepository {
    private static final String COLUMNS = """
            select id, operation_id, created_at, agent, channel, feature, user_id, conversation_id, estimate, allow,
                   reason_code, rule_id, policy_version, rules_version, credits, remedy, standing
              from decision where tenant_id = :tenant
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

    Optional<RecordedDecision> find(Handle handle, TenantId tenant, UUID id) {
        return handle.createQuery(COLUMNS + " and id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id)
                .map((row, context) -> decision(row))
                .findOne();
    }

    /** Newest first, from behind that one. */
    List<RecordedDecision> search(Handle handle, TenantId tenant, Search search, @Nullable UUID before, int limit) {
        return handle.createQuery(COLUMNS + """
                           and id >= :lowest and id < coalesce(cast(:before as uuid), :highest)
                           and created_at >= :from and created_at < :to
                           and (cast(:allow as boolean) is null or allow = cast(:allow as boolean))
                           and (cast(:reason as text) is null or reason_code = cast(:reason as text))
                           and (cast(:agent as text) is null or agent = cast(:agent as text))
                           and (cast(:channel as text) is null or channel = cast(:channel as text))
                         order by id desc limit :limit
                        """)
                .bind("tenant", tenant.value())
                .bind("lowest", lowest(bounded(search.from(), FIRST).minus(SLACK)))
                .bind("highest", lowest(bounded(search.to(), LAST).plus(SLACK)))
                .bind("before", before)
                .bind("from", bounded(search.from(), FIRST))
                .bind("to", bounded(search.to(), LAST))
                .bind("allow", search.allow())
                .bind("reason", search.reasonCode())
                .bind("agent", search.agent())
                .bind("channel", search.channel())
                .bind("limit", limit)
                .map((row, context) -> decision(row))
                .list();
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
                standing == null ? null : read(standing, new TypeReference<Standing>() {}));
    }

    private <T> T read(String json, TypeReference<T> type) {
        try {
            return mapper.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
