package dev.parley.channel.review;

import dev.parley.platform.statistics.Rate;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Rows of rules, and what drafts say of the agents that they are for. */
@ApplicationScoped
class RuleRepository {
    private static final String SELECT = """
            select agent, channel, mode, threshold, sample_size, sample_one_in from review_rule where tenant_id = :tenant
            """;

    Optional<Rule> find(Handle handle, TenantId tenant, String agent, String channel) {
        return find(handle, tenant, agent, channel, "");
    }

    /** As {@link #find}; nobody else changes it until the transaction ends. */
    Optional<Rule> lock(Handle handle, TenantId tenant, String agent, String channel) {
        return find(handle, tenant, agent, channel, " for update");
    }

    private static Optional<Rule> find(Handle handle, TenantId tenant, String agent, String channel, String how) {
        return handle.createQuery(SELECT + " and agent = :agent and channel = :channel" + how)
                .bind("tenant", tenant.value())
                .bind("agent", agent)
                .bind("channel", channel)
                .map((rs, context) -> rule(rs))
                .findOne();
    }

    List<Rule> list(Handle handle, TenantId tenant) {
        return handle.createQuery(SELECT + " order by agent, channel")
                .bind("tenant", tenant.value())
                .map((rs, context) -> rule(rs))
                .list();
    }

    void put(Handle handle, TenantId tenant, Rule rule, String by) {
        handle.createUpdate("""
                        insert into review_rule (tenant_id, agent, channel, mode, threshold, sample_size, sample_one_in,
                                                 changed_by, created_by)
                        values (:tenant, :agent, :channel, :mode, :threshold, :size, :oneIn, :by, :by)
                        on conflict (tenant_id, agent, channel) do update
                           set mode = excluded.mode, threshold = excluded.threshold, sample_size = excluded.sample_size,
                               sample_one_in = excluded.sample_one_in, changed_by = excluded.changed_by,
                               updated_at = now()
                        """)
                .bind("tenant", tenant.value())
                .bind("agent", rule.agent())
                .bind("channel", rule.channel())
                .bind("mode", rule.mode().stored())
                .bind("threshold", rule.threshold())
                .bind("size", rule.sampleSize())
                .bind("oneIn", rule.sampleOneIn())
                .bind("by", by)
                .execute();
    }

    void remove(Handle handle, TenantId tenant, Rule rule) {
        handle.createUpdate(
                        "delete from review_rule where tenant_id = :tenant and agent = :agent and channel = :channel")
                .bind("tenant", tenant.value())
                .bind("agent", rule.agent())
                .bind("channel", rule.channel())
                .execute();
    }

    /** How many of the latest drafts that people decided they approved as the agent had written them. */
    Rate unchanged(Handle handle, TenantId tenant, Rule rule) {
        return handle.createQuery("""
                        select count(*) as reviewed, count(*) filter (where state = 'approved' and text = original) as good
                          from (select state, text, original from draft
                                 where tenant_id = :tenant and agent = :agent and channel = :channel
                                   and state in ('approved', 'rejected')
                                 order by decided_at desc limit :size) latest
                        """)
                .bind("tenant", tenant.value())
                .bind("agent", rule.agent())
                .bind("channel", rule.channel())
                .bind("size", rule.sampleSize())
                .map((rs, context) -> new Rate(rs.getLong("good"), rs.getLong("reviewed")))
                .one();
    }

    /** How many drafts wait for a person, as things stand now. */
    long waiting(Handle handle, TenantId tenant, Rule rule) {
        return handle.createQuery("""
                        select count(*) from draft d
                          join conversation c on c.tenant_id = d.tenant_id and c.id = d.conversation_id
                         where d.tenant_id = :tenant and d.agent = :agent and d.channel = :channel
                           and d.state = 'waiting' and d.epoch = c.epoch and d.expires_at > now()
                        """)
                .bind("tenant", tenant.value())
                .bind("agent", rule.agent())
                .bind("channel", rule.channel())
                .mapTo(Long.class)
                .one();
    }

    private static Rule rule(ResultSet rs) throws SQLException {
        return new Rule(
                rs.getString("agent"),
                rs.getString("channel"),
                Mode.of(rs.getString("mode")),
                rs.getDouble("threshold"),
                rs.getInt("sample_size"),
                rs.getInt("sample_one_in"));
    }
}
