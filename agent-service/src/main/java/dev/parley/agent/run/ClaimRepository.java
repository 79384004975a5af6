package dev.parley.agent.run;

import dev.parley.platform.data.Database;
import dev.parley.platform.data.TenantStatement;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

@ApplicationScoped
class ClaimRepository {
    /**
     * Inserts the claim, or takes over a run that failed, is this process's own and forgotten, is too old, or belongs to
     * a process that is gone. The claim may be lost with the database's last milliseconds, so it does not wait for the
     * disk: all that happens then is that the provider is asked again.
     */
    private static final String CLAIM = """
            insert into run as mine (tenant_id, operation_id, id, conversation_id, agent, channel, status, runner_id,
                                     prompt_version, prompt_version_id, release_id, provider, model, question, rerun_of)
            select ?, ?, ?, ?, ?, ?, 'running', ?, ?, ?, ?, ?, ?, ?, cast(? as uuid) from relaxed %s
            on conflict (tenant_id, operation_id) do update
            set status = 'running', runner_id = excluded.runner_id, epoch = mine.epoch + 1, problem = null, cause = null,
                prompt_version = excluded.prompt_version, prompt_version_id = excluded.prompt_version_id,
                release_id = excluded.release_id, provider = excluded.provider, model = excluded.model,
                started_at = now(), updated_at = now()
            where mine.status = 'failed'
               or mine.status = 'running' and (mine.runner_id = excluded.runner_id
                   or mine.started_at < now() - ? * interval '1 millisecond'
                   or not exists (select from runner r where r.id = mine.runner_id and r.alive_until > now()))
            returning id, epoch
            """;

    private static final String RELAXED =
            "with relaxed as materialized (select set_config('synchronous_commit', 'off', true))\n";

    private static final String FREE = RELAXED + CLAIM.formatted("");

    /** As {@link #FREE}; but a new run is not begun in a conversation that goes round in circles. */
    private static final String WATCHED = RELAXED + """
            , today as (
                select count(r.late) as runs, count(*) filter (where r.question = asked.question) as same,
                       coalesce(sum(r.tokens), 0) as tokens,
                       count(*) filter (where r.late) as late_runs,
                       count(*) filter (where r.late and r.question = asked.question) as late_same,
                       coalesce(sum(r.tokens) filter (where r.late), 0) as late_tokens
                from (select cast(? as bigint) as question) asked left join
                     (select question, coalesce(input_tokens, 0) + coalesce(output_tokens, 0) as tokens,
                             created_at > now() - ? * interval '1 millisecond' as late
                      from run
                      where tenant_id = ? and conversation_id = ? and created_at > now() - interval '1 day'
                      order by created_at desc limit ?) r on true)
            """ + CLAIM.formatted("""
            , today
            where today.late_runs < ? and today.late_same < ? and today.late_tokens < ?
                  and today.runs < ? and today.same < ? and today.tokens < ?
               or exists (select from run known where known.tenant_id = ? and known.operation_id = ?)
            """);

    private final Database database;
    private final RunConfig config;

    ClaimRepository(Database database, RunConfig config) {
        this.database = database;
        this.config = config;
    }

    /**
     * Empty when another process has the run, or it is finished, or, if there is no such run, the conversation goes round
     * in circles. A transaction of its own.
     */
    Optional<RunRepository.Claim> claim(TenantId tenant, RunRequest request, UUID id, UUID runner, RunPlan plan) {
        Long question = request.question().orElse(null);
        TenantStatement statement = database.statement(tenant, plan.watched() ? WATCHED : FREE);
        RunConfig.Loop loop = config.loop();
        if (plan.watched()) {
            statement
                    .bind(question)
                    .bind(loop.window().toMillis())
                    .bind(tenant)
                    .bind(request.conversationId())
                    .bind(loop.day().maxRuns());
        }
        statement
                .bind(tenant)
                .bind(request.operationId())
                .bind(id)
                .bind(request.conversationId())
                .bind(request.agent())
                .bind(request.channel())
                .bind(runner)
                .bind(plan.promptVersion())
                .bind(plan.promptVersionId())
                .bind(plan.releaseId())
                .bind(plan.endpoint().name())
                .bind(plan.ask().model())
                .bind(question)
                .bind(plan.rerunOf());
        if (plan.watched()) {
            statement
                    .bind(loop.maxRuns())
                    .bind(loop.maxSame())
                    .bind(loop.maxTokens())
                    .bind(loop.day().maxRuns())
                    .bind(loop.day().maxSame())
                    .bind(loop.day().maxTokens())
                    .bind(tenant)
                    .bind(request.operationId());
        }
        return statement
                .bind(config.abandonedAfter().toMillis())
                .first(row -> new RunRepository.Claim(row.getObject("id", UUID.class), row.getInt("epoch")));
    }
}
