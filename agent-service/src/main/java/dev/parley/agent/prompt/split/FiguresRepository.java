package dev.parley.agent.prompt.split;

import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

@ApplicationScoped
class FiguresRepository {
    private static final String ADD = """
            insert into prompt_figures as f (release_id, version_id, shard, replies, failures, refusals, tokens,
                   tokens_squared, charged, credits, credits_squared, conversations, handoffs, settled, resolved)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (release_id, version_id, shard) do update set
                   replies = f.replies + excluded.replies, failures = f.failures + excluded.failures,
                   refusals = f.refusals + excluded.refusals, tokens = f.tokens + excluded.tokens,
                   tokens_squared = f.tokens_squared + excluded.tokens_squared,
                   charged = f.charged + excluded.charged, credits = f.credits + excluded.credits,
                   credits_squared = f.credits_squared + excluded.credits_squared,
                   conversations = f.conversations + excluded.conversations,
                   handoffs = f.handoffs + excluded.handoffs,
                   settled = f.settled + excluded.settled, resolved = f.resolved + excluded.resolved,
                   updated_at = now()""";

    /** Adds to a row that many tenants share, so as late as can be: with the commit, after which others go on. */
    void add(Handle handle, Duty duty, int shard, Figures more) {
        Database.atCommit(
                handle,
                ADD,
                List.of(
                        duty.releaseId(),
                        duty.versionId(),
                        shard,
                        more.replies(),
                        more.failures(),
                        more.refusals(),
                        more.tokens(),
                        more.tokensSquared(),
                        more.charged(),
                        more.credits(),
                        more.creditsSquared(),
                        more.conversations(),
                        more.handoffs(),
                        more.settled(),
                        more.resolved()));
    }

    /** What was seen of each version of a release. */
    Map<UUID, Seen> of(Handle handle, UUID releaseId) {
        return handle
                .createQuery("select * from prompt_figures where release_id = :release")
                .bind("release", releaseId)
                .map((row, context) -> Map.entry(
                        row.getObject("version_id", UUID.class),
                        new Figures(
                                row.getLong("replies"),
                                row.getLong("failures"),
                                row.getLong("refusals"),
                                row.getLong("tokens"),
                                row.getDouble("tokens_squared"),
                                row.getLong("charged"),
                                row.getLong("credits"),
                                row.getDouble("credits_squared"),
                                row.getLong("conversations"),
                                row.getLong("handoffs"),
                                row.getLong("settled"),
                                row.getLong("resolved"))))
                .list()
                .stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey,
                        Collectors.collectingAndThen(
                                Collectors.mapping(Map.Entry::getValue, Collectors.toList()), Seen::new)));
    }

    /** Whether anybody looks at what a release comes to: it is an experiment, or the agent's versions are watched. */
    boolean watched(Handle handle, UUID releaseId, String agent) {
        return handle.createQuery("""
                        select exists (select from experiment where id = :release)
                            or exists (select from agent a join prompt_guard g on g.agent_id = a.id where a.slug = :agent)
                        """)
                .bind("release", releaseId)
                .bind("agent", agent)
                .mapTo(Boolean.class)
                .one();
    }

    /** Whether anything is watched at all. */
    boolean anythingWatched(Handle handle) {
        return handle.createQuery("""
                        select exists (select from prompt_guard)
                            or exists (select from experiment where status = 'running' or ended_at > now() - interval '1 hour')
                        """).mapTo(Boolean.class).one();
    }

    /** Notes who answers a conversation; true when somebody else did before, or nobody. */
    boolean answered(Handle handle, TenantId tenant, String conversationId, Duty duty) {
        return handle.createUpdate("""
                        insert into prompt_conversation as c (tenant_id, conversation_id, release_id, version_id)
                        values (:tenant, :conversation, :release, :version)
                        on conflict (tenant_id, conversation_id) do update
                        set release_id = excluded.release_id, version_id = excluded.version_id, handed_off = false,
                            settled = false, since = now(),
                            updated_at = now()
                        where (c.release_id, c.version_id) is distinct from (excluded.release_id, excluded.version_id)
                        """)
                        .bind("tenant", tenant.value())
                        .bind("conversation", conversationId)
                        .bind("release", duty.releaseId())
                        .bind("version", duty.versionId())
                        .execute()
                == 1;
    }

    /**
     * Settles conversations of all tenants that a version began to answer that long ago, at most so many: resolved are
     * those that nobody took over until now. As the relay.
     */
    List<Settled> settle(Handle handle, Duration after, int most) {
        return handle.createQuery("""
                        with done as (
                            update prompt_conversation c set settled = true from (
                                select tenant_id, conversation_id from prompt_conversation
                                where not settled and since < now() - :after * interval '1 millisecond'
                                order by since limit :most for update skip locked) due
                            where c.tenant_id = due.tenant_id and c.conversation_id = due.conversation_id
                            returning c.tenant_id, c.release_id, c.version_id, c.handed_off)
                        select tenant_id, release_id, version_id, count(*) as settled,
                               count(*) filter (where not handed_off) as resolved
                        from done group by tenant_id, release_id, version_id order by release_id, version_id, tenant_id
                        """)
                .bind("after", after.toMillis())
                .bind("most", most)
                .map((row, context) -> new Settled(
                        new TenantId(row.getObject("tenant_id", UUID.class)),
                        new Duty(row.getObject("release_id", UUID.class), row.getObject("version_id", UUID.class)),
                        new Figures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, row.getLong("settled"), row.getLong("resolved"))))
                .list();
    }

    /** How conversations of one tenant ended that one version began to answer. */
    record Settled(TenantId tenant, Duty duty, Figures figures) {}

    /** Notes that a person took a conversation over, and says from whom; empty when that is known or nobody answered it. */
    Optional<Duty> handedOff(Handle handle, TenantId tenant, String conversationId) {
        return handle.createQuery("""
                        update prompt_conversation set handed_off = true, updated_at = now()
                        where tenant_id = :tenant and conversation_id = :conversation and not handed_off
                        returning release_id, version_id
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversationId)
                .map((row, context) ->
                        new Duty(row.getObject("release_id", UUID.class), row.getObject("version_id", UUID.class)))
                .findOne();
    }
}
