package dev.parley.policy.hold;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.rating.RatedLine;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class HoldRepository {
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
                   set held = a.held + greatest(0, least(:want, a.available - a.held + :cap)),
                       counters = case when :claims::text is null then a.counters
                                       else app.add_counters(a.counters, null, :claims::jsonb) end,
                       updated_at = now()
                 where a.tenant_id = :tenant
                   and a.policy_version = :policyVersion
                   and (:least = 0 or a.available - a.held + :cap >= :least)
                   and (:claims::text is null or app.within_quotas(a.counters, :claims::jsonb, :quotas::jsonb))
                   and not exists (select from existing where state in ('held', 'settled'))
                returning new.held - old.held as credits, a.granted, a.available, a.held, a.period_start
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
                insert into decision (tenant_id, operation_id, id, agent, channel, user_id, conversation_id, estimate,
                                      allow, reason_code, rule_id, policy_version, credits)
                select :tenant, :operation, :decision, :agent, :channel, :user, :conversation, :estimate::jsonb,
                       true, 'ALLOWED', 'credits.balance', :policyVersion, credits
                  from reserved)
            select r.credits, r.granted, r.available, r.held, p.expires_at,
                   e.decision_id as known_decision, e.credits as known_credits, e.expires_at as known_expires_at
              from (select) as one
              left join reserved r on true
              left join placed p on true
              left join existing e on e.state in ('held', 'settled')
            """;

    /**
     * Settles in one statement. The hold is locked first, which is what makes it happen once; what may be charged is
     * computed from the latest version of the balance row. Lots are not touched: see the drawn figure of the account.
     */
    private static final String SETTLE = """
            with open as (
                select state, case state when 'held' then credits else 0 end as own,
                       case state when 'held' then claims end as claims, period_start
                  from hold
                 where tenant_id = :tenant and operation_id = :operation and state <> 'settled'
                   for no key update
            ), booked as (
                update credit_account a
                   set held = a.held - o.own,
                       available = a.available - app.chargeable(:price, a.available, a.held, o.own, :cap),
                       drawn = a.drawn + app.chargeable(:price, a.available, a.held, o.own, :cap),
                       warned_percent = greatest(a.warned_percent, app.reached_percent(a.granted,
                           a.available - app.chargeable(:price, a.available, a.held, o.own, :cap))),
                       counters = case when o.claims is null and :counted::text is null then a.counters
                                       else app.add_counters(a.counters, :counted::jsonb,
                                            case when a.period_start is not distinct from o.period_start
                                                 then app.negated(o.claims) end) end,
                       updated_at = now()
                  from open o
                 where a.tenant_id = :tenant
                returning old.available - new.available as charged, a.available, a.held, o.state as was,
                          old.warned_percent as warned_before, new.warned_percent as warned
            ), closed as (
                update hold h
                   set state = 'settled', rated = :price, charged = b.charged, lines = :lines::jsonb,
                       closed_at = now(), close_reason = nullif(b.was, 'held'), updated_at = now(),
                       user_id = coalesce(h.user_id, :user), conversation_id = coalesce(h.conversation_id, :conversation)
                  from booked b
                 where h.tenant_id = :tenant and h.operation_id = :operation
                returning h.user_id, h.conversation_id, h.closed_at)
            select b.charged, b.available, b.held, b.was, b.warned_before, b.warned,
                   c.user_id, c.conversation_id, c.closed_at
              from booked b, closed c
            """;

    private static final String RELEASE = """
            with open as (
                select credits, claims, period_start from hold
                 where tenant_id = :tenant and operation_id = :operation and state = 'held'
                   for no key update
            ), freed as (
                update credit_account a
                   set held = a.held - o.credits,
                       counters = case when o.claims is null or a.period_start is distinct from o.period_start
                                       then a.counters
                                       else app.add_counters(a.counters, null, app.negated(o.claims)) end,
                       updated_at = now()
                  from open o
                 where a.tenant_id = :tenant)
            update hold h
               set state = 'released', close_reason = :reason, closed_at = now(), updated_at = now()
              from open
             where h.tenant_id = :tenant and h.operation_id = :operation
            """;

    /** Expires one tenant's due holds, those at least that nobody settles at this moment. */
    private static final String EXPIRE = """
            with due as (
                select operation_id, credits, claims, period_start from hold
                 where tenant_id = :tenant and state = 'held' and expires_at <= now() and expires_at > :since
                 order by operation_id limit 1000
                   for no key update skip locked
            ), claimed as (
                select jsonb_object_agg(meter, -amount) as claims
                  from (select meter, sum(amount::bigint) as amount
                          from credit_account a join due d on d.period_start is not distinct from a.period_start,
                               jsonb_each_text(d.claims) as claim (meter, amount)
                         where a.tenant_id = :tenant group by meter) as sums
            ), freed as (
                update credit_account a
                   set held = a.held - (select coalesce(sum(credits), 0) from due)::bigint,
                       counters = case when claimed.claims is null then a.counters
                                       else app.add_counters(a.counters, null, claimed.claims) end,
                       updated_at = now()
                  from claimed
                 where a.tenant_id = :tenant and exists (select from due))
            update hold h
               set state = 'expired', closed_at = now(), updated_at = now()
              from due d
             where h.tenant_id = :tenant and h.operation_id = d.operation_id
            returning h.operation_id, h.credits
            """;

    private static final TypeReference<List<RatedLine>> LINES = new TypeReference<>() {};

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
            Duration lifetime) {
        Map<String, Long> claims = request.reservation().claims();
        return handle.createQuery(RESERVE)
                .bind("tenant", tenant.value())
                .bind("operation", request.operationId())
                .bind("decision", request.decisionId())
                .bind("want", request.reservation().want())
                .bind("least", request.reservation().least())
                .bind("cap", request.reservation().cap())
                .bind("claims", claims.isEmpty() ? null : write(claims))
                .bind("quotas", claims.isEmpty() ? null : write(quotas))
                .bind("policyVersion", request.policyVersion())
                .bind("agent", request.ask().agent())
                .bind("channel", request.ask().channel())
                .bind("user", request.userId())
                .bind("conversation", request.conversationId())
                .bind("estimate", write(request.ask().estimate()))
                .bind("lifetime", (double) lifetime.toSeconds())
                .map((row, context) -> reserved(row, request.decisionId()))
                .one();
    }

    /** What {@link #settle} booked. */
    record Settled(
            long charged,
            long remaining,
            String was,
            int warnedBefore,
            int warned,
            @Nullable String userId,
            @Nullable String conversationId,
            Instant at) {}

    /** Settles an open hold; empty when there is none. */
    Optional<Settled> settle(
            Handle handle,
            TenantId tenant,
            UUID operation,
            List<RatedLine> lines,
            long price,
            long cap,
            Map<String, Long> counted,
            @Nullable String user,
            @Nullable String conversation) {
        return handle.createQuery(SETTLE)
                .bind("tenant", tenant.value())
                .bind("operation", operation)
                .bind("price", price)
                .bind("cap", cap)
                .bind("counted", counted.isEmpty() ? null : write(counted))
                .bind("lines", write(lines))
                .bind("user", user)
                .bind("conversation", conversation)
                .map((row, context) -> new Settled(
                        row.getLong("charged"),
                        Math.max(0, row.getLong("available") - row.getLong("held")),
                        row.getString("was"),
                        row.getInt("warned_before"),
                        row.getInt("warned"),
                        row.getString("user_id"),
                        row.getString("conversation_id"),
                        row.getTimestamp("closed_at").toInstant()))
                .findOne();
    }

    /** Whether the operation held credits and was not charged yet. */
    boolean isOpen(Handle handle, TenantId tenant, UUID operation) {
        return handle.createQuery("""
                        select exists (select from hold
                                        where tenant_id = :tenant and operation_id = :operation and state <> 'settled')
                        """)
                .bind("tenant", tenant.value())
                .bind("operation", operation)
                .mapTo(Boolean.class)
                .one();
    }

    /** What a settled operation was charged. */
    record Charge(List<RatedLine> lines, long charged) {}

    Optional<Charge> findCharge(Handle handle, TenantId tenant, UUID operation) {
        return handle.createQuery("""
                        select lines, charged from hold
                         where tenant_id = :tenant and operation_id = :operation and state = 'settled'
                        """)
                .bind("tenant", tenant.value())
                .bind("operation", operation)
                .map((row, context) -> new Charge(read(row.getString("lines")), row.getLong("charged")))
                .findOne();
    }

    /** Returns whether there was a live hold to release. */
    boolean release(Handle handle, TenantId tenant, UUID operation, String reason) {
        return handle.createUpdate(RELEASE)
                        .bind("tenant", tenant.value())
                        .bind("operation", operation)
                        .bind("reason", reason)
                        .execute()
                == 1;
    }

    List<HoldExpired> expire(Handle handle, TenantId tenant, Instant since) {
        return handle.createQuery(EXPIRE)
                .bind("tenant", tenant.value())
                .bind("since", since)
                .map((row, context) ->
                        new HoldExpired(tenant, row.getObject("operation_id", UUID.class), row.getLong("credits")))
                .list();
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

    private static Reserved reserved(ResultSet row, UUID decisionId) throws SQLException {
        long credits = row.getLong("credits");
        boolean booked = !row.wasNull();
        Timestamp expiresAt = row.getTimestamp("expires_at");
        UUID knownDecision = row.getObject("known_decision", UUID.class);
        HeldCredits placed = booked && expiresAt != null
                ? new HeldCredits(
                        decisionId,
                        credits,
                        expiresAt.toInstant(),
                        row.getLong("granted"),
                        row.getLong("available"),
                        row.getLong("held"))
                : null;
        Known known = knownDecision == null
                ? null
                : new Known(
                        knownDecision,
                        row.getLong("known_credits"),
                        row.getTimestamp("known_expires_at").toInstant());
        return new Reserved(placed, known, booked && expiresAt == null);
    }

    private String write(@Nullable Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<RatedLine> read(String json) {
        try {
            return mapper.readValue(json, LINES);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
