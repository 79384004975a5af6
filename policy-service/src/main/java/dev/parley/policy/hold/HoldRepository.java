package dev.parley.policy.hold;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.data.Columns;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.engine.Standing;
import dev.parley.policy.lease.HoldToken;
import dev.parley.policy.rating.RatedLine;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class HoldRepository {
    static final int MOST_DUE = 1000;

    /**
     * Takes a hold in one statement. The conditions stand in the update of the balance row, where PostgreSQL checks
     * them again on the latest version of the row, so that parallel statements cannot overspend. A hold that exists
     * reserves nothing; a released or expired one is taken again.
     */
    private static final String RESERVE = """
            with existing as (
                select state, decision_id, credits, expires_at from hold
                 where tenant_id = :tenant and operation_id = :operation
            ), reserved as (
                update credit_account a
                   set held = a.held + greatest(0, least(:want, a.available - a.held - a.leased + :cap)),
                       counters = case when :claims::text is null then a.counters
                                       else app.add_counters(a.counters, null, :claims::jsonb) end,
                       updated_at = now()
                 where a.tenant_id = :tenant
                   and a.policy_version = :policyVersion
                   and (:least = 0 or a.available - a.held - a.leased + :cap >= :enough
                        or :enough > :least and a.leased = 0 and a.available - a.held + :cap >= :least)
                   and (:claims::text is null or app.within_quotas(a.counters, :claims::jsonb, :quotas::jsonb))
                   and not exists (select from existing where state in ('held', 'settled'))
                returning new.held - old.held as credits, a.granted, a.available, a.held, a.leased, a.period_start,
                          case when :claims::text is null then '{}' else old.counters end as counters_before,
                          case when :claims::text is null then '{}' else new.counters end as counters
            ), placed as (
                insert into hold as h (tenant_id, operation_id, decision_id, state, credits, claims, period_start,
                                       agent, channel, user_id, conversation_id, expires_at)
                select :tenant, :operation, :decision, 'held', credits, :claims::jsonb, period_start,
                       :agent, :channel, :user, :conversation, now() + make_interval(secs => :lifetime)
                  from reserved
                on conflict (tenant_id, operation_id) do update
                   set decision_id = excluded.decision_id, state = 'held', credits = excluded.credits,
                       claims = excluded.claims, period_start = excluded.period_start,
                       expires_at = excluded.expires_at, closed_at = null, close_reason = null, updated_at = now()
                 where h.state in ('released', 'expired')
                returning h.expires_at
            ), logged as (
                insert into decision (tenant_id, operation_id, id, agent, channel, feature, user_id, conversation_id,
                                      estimate, allow, reason_code, rule_id, policy_version, rules_version, credits,
                                      standing)
                select :tenant, :operation, :decision, :agent, :channel, :feature, :user, :conversation,
                       :estimate::jsonb, true, 'ALLOWED', 'credits.balance', :policyVersion, :rulesVersion, credits,
                       jsonb_build_object('granted', granted, 'available', available,
                                          'held', held - credits + leased, 'counters', counters_before)
                  from reserved)
            select r.credits, r.granted, r.available, r.held, r.counters, p.expires_at,
                   e.decision_id as known_decision, e.credits as known_credits, e.expires_at as known_expires_at
              from (select) as one
              left join reserved r on true
              left join placed p on true
              left join existing e on e.state in ('held', 'settled')
            """;

    private static final String LOCK = """
            select now() as at, granted, available, held, leased, drawn, warned_percent, period_start, counters
              from credit_account where tenant_id = ? for no key update;
            select id, credits, served, returned_at is null as recallable from credit_lease where tenant_id = ?;
            select operation_id, decision_id, state, credits, claims, period_start,
                   expires_at <= now() as due, agent, channel, user_id, conversation_id, expires_at,
                   rated, charged, lines, close_reason, lease_decisions
              from hold where tenant_id = ? and operation_id = any(cast(? as uuid[]))""";

    /** Writes what a {@link Closing} says, in one statement; the account is locked. */
    private static final String WRITE = """
            with added as (
                insert into hold (tenant_id, operation_id, decision_id, state, credits, agent, channel, user_id,
                                  conversation_id, expires_at, rated, charged, lines, closed_at, close_reason, lease_decisions,
                                  created_at)
                select ?, operation, decision, state, credits, agent, channel, user_id, conversation_id, expires_at,
                       rated, charged, lines, case when state <> 'held' then now() end, close_reason, out_of_leases,
                       least(now(), expires_at - make_interval(secs => ?))
                  from jsonb_to_recordset(cast(? as jsonb))
                       as r (operation uuid, decision uuid, state text, credits bigint, agent text, channel text,
                             user_id text, conversation_id text, expires_at timestamptz, rated bigint, charged bigint,
                             lines jsonb, close_reason text, out_of_leases uuid[])
            ), changed as (
                update hold h
                   set decision_id = r.decision, state = r.state, rated = r.rated, charged = r.charged, lines = r.lines,
                       user_id = r.user_id, conversation_id = r.conversation_id,
                       closed_at = now(), close_reason = r.close_reason, lease_decisions = r.out_of_leases,
                       updated_at = now()
                  from jsonb_to_recordset(cast(? as jsonb))
                       as r (operation uuid, decision uuid, state text, user_id text, conversation_id text, rated bigint,
                             charged bigint, lines jsonb, close_reason text, out_of_leases uuid[])
                 where h.tenant_id = ? and h.operation_id = r.operation
            ), lent as (
                update credit_lease l set credits = r.credits, served = r.served, updated_at = now()
                  from jsonb_to_recordset(cast(? as jsonb)) as r (id uuid, credits bigint, served bigint)
                 where l.tenant_id = ? and l.id = r.id)
            update credit_account
               set available = ?, held = ?, leased = ?, drawn = ?, warned_percent = ?,
                   counters = coalesce(cast(? as jsonb), counters), updated_at = now()
             where tenant_id = ?""";

    private static final TypeReference<List<RatedLine>> LINES = new TypeReference<>() {};
    private static final TypeReference<Map<String, Long>> CLAIMS = new TypeReference<>() {};
    private static final TypeReference<Map<String, Standing.Counter>> COUNTERS = new TypeReference<>() {};

    private final ObjectMapper mapper;

    HoldRepository(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** What {@link #reserve} found. */
    record Reserved(@Nullable HeldCredits placed, @Nullable Known known, boolean collided) {}

    /** A hold that was there before. */
    record Known(UUID decisionId, long credits, Instant expiresAt) {}

    Reserved reserve(
            Handle handle,
            TenantId tenant,
            HoldRequest request,
            @Nullable Map<String, Long> quotas,
            Duration lifetime,
            boolean allOrNothing) {
        Map<String, Long> claims = request.reservation().claims();
        return handle.createQuery(RESERVE)
                .bind("tenant", tenant.value())
                .bind("operation", request.operationId())
                .bind("decision", request.decisionId())
                .bind("want", request.reservation().want())
                .bind("least", request.reservation().least())
                .bind(
                        "enough",
                        allOrNothing
                                ? request.reservation().want()
                                : request.reservation().least())
                .bind("cap", request.reservation().cap())
                .bind("claims", claims.isEmpty() ? null : write(claims))
                .bind("quotas", claims.isEmpty() ? null : write(quotas))
                .bind("policyVersion", request.policyVersion())
                .bind("rulesVersion", request.rulesVersion())
                .bind("agent", request.ask().agent())
                .bind("channel", request.ask().channel())
                .bind("feature", request.ask().feature())
                .bind("user", request.userId())
                .bind("conversation", request.conversationId())
                .bind("estimate", write(request.ask().estimate()))
                .bind("lifetime", (double) lifetime.toSeconds())
                .map((row, context) -> reserved(row, request.decisionId()))
                .one();
    }

    /** The balance, locked until the transaction ends, and the rows of some operations as they are since then. */
    record Locked(Tally tally, Map<UUID, HoldRow> rows) {}

    /**
     * Locks the balance and reads what ends holds of these operations; whoever ends a hold or writes the account locks it
     * first. One round trip, but several statements: what is read must be as it is when the lock is had.
     */
    Locked lock(Handle handle, TenantId tenant, Map<UUID, Long> servedHere, Collection<UUID> operations) {
        try (PreparedStatement statement = handle.getConnection().prepareStatement(LOCK)) {
            statement.setObject(1, tenant.value());
            statement.setObject(2, tenant.value());
            statement.setObject(3, tenant.value());
            statement.setString(4, array(operations));
            statement.execute();
            Account account = account(statement.getResultSet());
            statement.getMoreResults();
            Map<UUID, Tally.Part> leases = leases(statement.getResultSet(), servedHere);
            statement.getMoreResults();
            Map<UUID, HoldRow> rows = rows(statement.getResultSet());
            return new Locked(account == null ? Tally.none() : account.tally(leases), rows);
        } catch (SQLException failure) {
            throw new UnableToExecuteStatementException("the balance cannot be locked", failure, null);
        }
    }

    /** The row of the balance. */
    private record Account(
            Instant at,
            long granted,
            long available,
            long held,
            long leased,
            long drawn,
            int warned,
            @Nullable Instant periodStart,
            Map<String, Standing.Counter> counters) {
        Tally tally(Map<UUID, Tally.Part> leases) {
            return new Tally(
                    at,
                    granted,
                    available,
                    held,
                    leased,
                    drawn,
                    warned,
                    periodStart,
                    counters,
                    leased == 0 ? Map.of() : leases);
        }
    }

    private @Nullable Account account(ResultSet row) throws SQLException {
        return row.next()
                ? new Account(
                        row.getTimestamp("at").toInstant(),
                        row.getLong("granted"),
                        row.getLong("available"),
                        row.getLong("held"),
                        row.getLong("leased"),
                        row.getLong("drawn"),
                        row.getInt("warned_percent"),
                        Columns.instant(row, "period_start"),
                        counters(row.getString("counters")))
                : null;
    }

    private static Map<UUID, Tally.Part> leases(ResultSet row, Map<UUID, Long> servedHere) throws SQLException {
        Map<UUID, Tally.Part> leases = new LinkedHashMap<>();
        while (row.next()) {
            UUID id = row.getObject("id", UUID.class);
            long served = servedHere.getOrDefault(id, row.getLong("served"));
            leases.put(id, new Tally.Part(row.getLong("credits"), served, row.getBoolean("recallable")));
        }
        return leases;
    }

    private Map<UUID, HoldRow> rows(ResultSet row) throws SQLException {
        Map<UUID, HoldRow> rows = new HashMap<>();
        while (row.next()) {
            HoldRow hold = row(row);
            rows.put(hold.operation(), hold);
        }
        return rows;
    }

    /** What the decision log says of the holds in leases of these operations. */
    Map<UUID, HoldToken> findDecided(Handle handle, TenantId tenant, Collection<UUID> operations, Duration lifetime) {
        Map<UUID, HoldToken> decided = new HashMap<>();
        if (operations.isEmpty()) {
            return decided;
        }
        handle.createQuery("""
                        select distinct on (operation_id) operation_id, id, lease_id, credits, agent, channel, created_at
                          from decision
                         where tenant_id = :tenant and operation_id = any(cast(:operations as uuid[]))
                           and allow and lease_id is not null
                         order by operation_id, created_at desc
                        """)
                .bind("tenant", tenant.value())
                .bind("operations", array(operations))
                .map((row, context) -> decided.put(
                        row.getObject("operation_id", UUID.class),
                        new HoldToken(
                                row.getObject("id", UUID.class),
                                row.getObject("lease_id", UUID.class),
                                row.getLong("credits"),
                                row.getTimestamp("created_at").toInstant().plus(lifetime),
                                row.getString("agent"),
                                row.getString("channel"))))
                .list();
        return decided;
    }

    /** Writes what was done to these rows and to the balance, as the transaction commits. */
    void write(Handle handle, TenantId tenant, Closing closing, Duration lifetime) {
        Tally tally = closing.tally();
        UUID id = tenant.value();
        Database.atCommit(
                handle,
                WRITE,
                Arrays.asList(
                        id,
                        (double) lifetime.toSeconds(),
                        write(closing.added().stream().map(Written::of).toList()),
                        write(closing.changed().stream().map(Written::of).toList()),
                        id,
                        write(tally.changedLeases().entrySet().stream()
                                .map(lease -> Map.of(
                                        "id",
                                        lease.getKey(),
                                        "credits",
                                        lease.getValue().credits(),
                                        "served",
                                        lease.getValue().served()))
                                .toList()),
                        id,
                        tally.available(),
                        tally.held(),
                        tally.leased(),
                        tally.drawn(),
                        tally.warned(),
                        tally.changedCounters() == null ? null : write(tally.changedCounters()),
                        id));
    }

    /** A row as the statement reads it. */
    @RegisterForReflection
    record Written(
            UUID operation,
            UUID decision,
            String state,
            long credits,
            String agent,
            String channel,
            @Nullable String userId,
            @Nullable String conversationId,
            Instant expiresAt,
            @Nullable Long rated,
            @Nullable Long charged,
            @Nullable List<RatedLine> lines,
            @Nullable String closeReason,
            Set<UUID> outOfLeases) {
        static Written of(HoldRow row) {
            return new Written(
                    row.operation(),
                    row.decision(),
                    row.state().name().toLowerCase(Locale.ROOT),
                    row.credits(),
                    row.agent(),
                    row.channel(),
                    row.userId(),
                    row.conversationId(),
                    row.expiresAt(),
                    row.rated(),
                    row.charged(),
                    row.lines(),
                    row.closeReason(),
                    row.outOfLeases());
        }
    }

    /** Whether the operation has a row. */
    boolean isThere(Handle handle, TenantId tenant, UUID operation) {
        return handle.createQuery("""
                        select exists (select from hold where tenant_id = :tenant and operation_id = :operation)
                        """)
                .bind("tenant", tenant.value())
                .bind("operation", operation)
                .mapTo(Boolean.class)
                .one();
    }

    /** How far the operation's hold is; empty when nothing says that it held any credits. */
    Optional<HoldRow.State> state(Handle handle, TenantId tenant, UUID operation) {
        return handle.createQuery("""
                        select coalesce((select state from hold
                                          where tenant_id = :tenant and operation_id = :operation),
                                        (select 'held' from decision
                                          where tenant_id = :tenant and operation_id = :operation
                                            and allow and lease_id is not null limit 1)) as state
                        """)
                .bind("tenant", tenant.value())
                .bind("operation", operation)
                .map((row, context) -> Optional.ofNullable(row.getString("state"))
                        .map(state -> HoldRow.State.valueOf(state.toUpperCase(Locale.ROOT))))
                .one();
    }

    /** Operations of a tenant whose holds fell due after that time, at most {@link #MOST_DUE}. */
    List<UUID> due(Handle handle, TenantId tenant, Instant since) {
        return handle.createQuery("""
                        select operation_id from hold
                         where tenant_id = :tenant and state = 'held' and expires_at <= now() and expires_at > :since
                         order by operation_id limit :most
                        """)
                .bind("tenant", tenant.value())
                .bind("since", since)
                .bind("most", MOST_DUE)
                .mapTo(UUID.class)
                .list();
    }

    /** The database's time. */
    Instant now(Handle handle) {
        return handle.createQuery("select now()").mapTo(Instant.class).one();
    }

    /** The tenants with holds that fell due after that time; for the relay role. */
    List<TenantId> tenantsWithDueHolds(Handle handle, Instant since) {
        return handle.createQuery("""
                        select distinct tenant_id from hold
                         where state = 'held' and expires_at <= now() and expires_at > :since
                        """)
                .bind("since", since)
                .mapTo(UUID.class)
                .map(TenantId::new)
                .list();
    }

    /** The hold's life so far. */
    List<OperationStep> steps(Handle handle, TenantId tenant, UUID operation) {
        List<OperationStep> steps = new ArrayList<>();
        handle.createQuery("""
                        select state, credits, rated, charged, expires_at, closed_at, close_reason, created_at from hold
                         where tenant_id = :tenant and operation_id = :operation
                        """)
                .bind("tenant", tenant.value())
                .bind("operation", operation)
                .map((row, context) -> {
                    Map<String, Object> held = new LinkedHashMap<>();
                    held.put("credits", row.getLong("credits"));
                    held.put("expires_at", row.getTimestamp("expires_at").toInstant());
                    steps.add(OperationStep.of(row.getTimestamp("created_at").toInstant(), "held", held));
                    Timestamp closed = row.getTimestamp("closed_at");
                    if (closed != null) {
                        steps.add(OperationStep.of(closed.toInstant(), row.getString("state"), closing(row)));
                    }
                    return steps;
                })
                .findOne();
        return steps;
    }

    private static Map<String, Object> closing(ResultSet row) throws SQLException {
        Map<String, Object> detail = new LinkedHashMap<>();
        if ("settled".equals(row.getString("state"))) {
            detail.put("credits", row.getLong("charged"));
            if (row.getLong("charged") < row.getLong("rated")) {
                detail.put("not_charged", row.getLong("rated") - row.getLong("charged"));
            }
        }
        if (row.getString("close_reason") != null) {
            detail.put("reason", row.getString("close_reason"));
        }
        return detail;
    }

    private Reserved reserved(ResultSet row, UUID decisionId) throws SQLException {
        long credits = row.getLong("credits");
        boolean booked = !row.wasNull();
        Timestamp expiresAt = row.getTimestamp("expires_at");
        UUID knownDecision = row.getObject("known_decision", UUID.class);
        HeldCredits placed = booked && expiresAt != null
                ? new HeldCredits(
                        decisionId,
                        credits,
                        expiresAt.toInstant(),
                        new Standing(
                                row.getLong("granted"),
                                row.getLong("available"),
                                row.getLong("held"),
                                counters(row.getString("counters"))))
                : null;
        Known known = knownDecision == null
                ? null
                : new Known(
                        knownDecision,
                        row.getLong("known_credits"),
                        row.getTimestamp("known_expires_at").toInstant());
        return new Reserved(placed, known, booked && expiresAt == null);
    }

    private HoldRow row(ResultSet row) throws SQLException {
        String lines = row.getString("lines");
        return new HoldRow(
                row.getObject("operation_id", UUID.class),
                row.getObject("decision_id", UUID.class),
                HoldRow.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getLong("credits"),
                claims(row.getString("claims")),
                Columns.instant(row, "period_start"),
                row.getBoolean("due"),
                row.getString("agent"),
                row.getString("channel"),
                row.getString("user_id"),
                row.getString("conversation_id"),
                row.getTimestamp("expires_at").toInstant(),
                row.getObject("rated", Long.class),
                row.getObject("charged", Long.class),
                lines == null ? null : read(lines, LINES),
                row.getString("close_reason"),
                ids(row.getArray("lease_decisions")));
    }

    private static Set<UUID> ids(@Nullable Array array) throws SQLException {
        return array == null ? Set.of() : Set.of((UUID[]) array.getArray());
    }

    private Map<String, Long> claims(@Nullable String json) {
        return json == null ? Map.of() : read(json, CLAIMS);
    }

    private Map<String, Standing.Counter> counters(String json) {
        return "{}".equals(json) ? Map.of() : read(json, COUNTERS);
    }

    private static String array(Collection<UUID> ids) {
        return ids.stream().map(UUID::toString).collect(Collectors.joining(",", "{", "}"));
    }

    private String write(@Nullable Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T> T read(String json, TypeReference<T> type) {
        try {
            return mapper.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
