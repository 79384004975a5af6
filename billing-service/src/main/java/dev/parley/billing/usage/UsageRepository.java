package dev.parley.billing.usage;

import dev.parley.billing.ledger.LedgerService;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class UsageRepository {
    private static final String MATCHES = """
             tenant_id = (select app.tenant())
              and (cast(:from as timestamptz) is null or at >= cast(:from as timestamptz))
              and (cast(:to as timestamptz) is null or at < cast(:to as timestamptz))
              and (cast(:agent as text) is null or agent = cast(:agent as text))
              and (cast(:channel as text) is null or channel = cast(:channel as text))
            """;

    /** Inserts the lines in one statement: the database plans and checks it once, however many there are. */
    void insert(Handle handle, TenantId tenant, List<UsageSettled> settled) {
        Columns columns = new Columns();
        settled.forEach(columns::add);
        if (columns.usages.isEmpty()) {
            return;
        }
        handle.createUpdate("""
                        insert into app.usage_log (tenant_id, usage_id, operation_id, at, agent, channel, user_id,
                            conversation_id, meter, quantity, credits, estimated)
                        select :tenant, o.usage_id, o.operation_id, cast(o.at as timestamptz), o.agent, o.channel,
                            o.user_id, o.conversation_id, o.meter, o.quantity, o.credits, o.estimated
                        from unnest(cast(:usages as text[]), cast(:operations as uuid[]), cast(:times as text[]),
                            cast(:agents as text[]), cast(:channels as text[]), cast(:users as text[]),
                            cast(:conversations as text[]), cast(:meters as text[]), cast(:quantities as bigint[]),
                            cast(:credits as bigint[]), cast(:estimated as boolean[])) as o
                            (usage_id, operation_id, at, agent, channel, user_id, conversation_id, meter, quantity,
                             credits, estimated)
                        on conflict (tenant_id, usage_id) do nothing
                        """)
                .bind("tenant", tenant.value())
                .bindArray("usages", String.class, columns.usages)
                .bindArray("operations", UUID.class, columns.operations)
                .bindArray("times", String.class, columns.times)
                .bindArray("agents", String.class, columns.agents)
                .bindArray("channels", String.class, columns.channels)
                .bindArray("users", String.class, columns.users)
                .bindArray("conversations", String.class, columns.conversations)
                .bindArray("meters", String.class, columns.meters)
                .bindArray("quantities", Long.class, columns.quantities)
                .bindArray("credits", Long.class, columns.credits)
                .bindArray("estimated", Boolean.class, columns.estimated)
                .execute();
    }

    /** Lines, a list for each column. */
    private static final class Columns {
        private final List<Object> usages = new ArrayList<>();
        private final List<Object> operations = new ArrayList<>();
        private final List<Object> times = new ArrayList<>();
        private final List<Object> agents = new ArrayList<>();
        private final List<Object> channels = new ArrayList<>();
        private final List<@Nullable Object> users = new ArrayList<>();
        private final List<@Nullable Object> conversations = new ArrayList<>();
        private final List<Object> meters = new ArrayList<>();
        private final List<Object> quantities = new ArrayList<>();
        private final List<Object> credits = new ArrayList<>();
        private final List<Object> estimated = new ArrayList<>();

        void add(UsageSettled operation) {
            for (UsageSettled.Line line : operation.lines()) {
                usages.add(line.usageId());
                operations.add(operation.operationId());
                times.add(operation.settledAt().toString());
                agents.add(operation.agent());
                channels.add(operation.channel());
                users.add(operation.userId());
                conversations.add(operation.conversationId());
                meters.add(line.meter());
                quantities.add(line.quantity());
                credits.add(line.credits());
                estimated.add(line.estimated());
            }
        }
    }

    /** Newest first, from behind that position. */
    List<UsageLine> list(Handle handle, UsageFilter filter, UsageFilter.@Nullable Position before, int limit) {
        return handle.createQuery("select * from app.usage_log where" + MATCHES + """
                          and (cast(:beforeAt as timestamptz) is null
                            or (at, usage_id) < (cast(:beforeAt as timestamptz), cast(:beforeId as text)))
                        order by at desc, usage_id desc limit :limit
                        """)
                .bind("from", filter.from())
                .bind("to", filter.to())
                .bind("agent", filter.agent())
                .bind("channel", filter.channel())
                .bind("beforeAt", before == null ? null : before.at())
                .bind("beforeId", before == null ? null : before.usageId())
                .bind("limit", limit)
                .map(UsageRepository::line)
                .list();
    }

    Optional<LedgerService.Consumption> consumption(Handle handle, UUID operation) {
        return handle.createQuery("""
                        select sum(credits) as credits, max(at) as at from app.usage_log
                        where tenant_id = (select app.tenant()) and operation_id = :operation having count(*) > 0
                        """)
                .bind("operation", operation)
                .map((row, context) -> new LedgerService.Consumption(
                        operation,
                        row.getLong("credits"),
                        row.getObject("at", OffsetDateTime.class).toInstant()))
                .findOne();
    }

    Map<UUID, UsedByOperation> ofOperations(Handle handle, List<UUID> operations) {
        Map<UUID, UsedByOperation> found = new HashMap<>();
        handle.createQuery("""
                        select * from app.usage_log where tenant_id = (select app.tenant()) and operation_id = any(:ids)
                        order by meter, usage_id
                        """)
                .bindArray("ids", UUID.class, operations)
                .map((row, context) -> {
                    found.computeIfAbsent(row.getObject("operation_id", UUID.class), id -> operation(row))
                            .lines()
                            .add(new UsedByOperation.Line(
                                    row.getString("meter"),
                                    row.getLong("quantity"),
                                    row.getLong("credits"),
                                    row.getBoolean("estimated")));
                    return true;
                })
                .list();
        return found;
    }

    private static UsedByOperation operation(ResultSet row) {
        try {
            return new UsedByOperation(
                    row.getString("agent"),
                    row.getString("channel"),
                    row.getString("conversation_id"),
                    row.getString("user_id"),
                    new ArrayList<>());
        } catch (SQLException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    List<UsageSummary.Item> sum(Handle handle, UsageFilter filter, UsageGroup group) {
        String key =
                switch (group) {
                    case DAY -> "to_char(at at time zone 'UTC', 'YYYY-MM-DD')";
                    case AGENT -> "agent";
                    case CHANNEL -> "channel";
                    case METER -> "meter";
                };
        return handle.createQuery("select " + key + " as key, sum(credits) as credits,"
                        + " count(distinct operation_id) as operations, sum(quantity) as quantity"
                        + " from app.usage_log where" + MATCHES + " group by 1 order by 1")
                .bind("from", filter.from())
                .bind("to", filter.to())
                .bind("agent", filter.agent())
                .bind("channel", filter.channel())
                .map((row, context) -> new UsageSummary.Item(
                        row.getString("key"),
                        row.getLong("credits"),
                        row.getLong("operations"),
                        group == UsageGroup.METER ? (Long) row.getLong("quantity") : null))
                .list();
    }

    private static UsageLine line(ResultSet row, StatementContext context) throws SQLException {
        return new UsageLine(
                row.getString("usage_id"),
                row.getObject("operation_id", UUID.class),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("agent"),
                row.getString("channel"),
                row.getString("meter"),
                row.getLong("quantity"),
                row.getLong("credits"),
                row.getBoolean("estimated"));
    }
}
