package dev.parley.channel.operation;

import dev.parley.platform.data.Columns;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** What this service did for an operation. */
@ApplicationScoped
class OperationRepository {
    List<OperationStep> steps(Handle handle, TenantId tenant, UUID operation) {
        return handle
                .createQuery("""
                        select o.*, m.created_at as received_at, m.event_id, m.client_message_id, m.seq, m.provider_at,
                               e.duplicates, r.prompt_version, r.prompt_version_id
                          from operation o
                          join message m on m.tenant_id = o.tenant_id and m.id = o.message_id
                          join conversation c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
                          left join inbound_event e on e.tenant_id = c.tenant_id
                                    and e.channel_account_id = c.channel_account_id and e.event_id = m.event_id
                          left join message r on r.tenant_id = o.tenant_id and r.id = o.reply_id
                         where o.tenant_id = :tenant and o.id = :operation
                        """)
                .bind("tenant", tenant.value())
                .bind("operation", operation)
                .map((rs, context) -> steps(rs))
                .list()
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    private static List<OperationStep> steps(ResultSet rs) throws SQLException {
        List<OperationStep> steps = new ArrayList<>();
        steps.add(step(
                Columns.instant(rs, "received_at"),
                "message-received",
                "channel",
                rs.getString("channel"),
                "agent",
                rs.getString("agent"),
                "conversation_id",
                rs.getString("conversation_id"),
                "message_id",
                rs.getString("message_id")));
        if (rs.getString("event_id") != null || rs.getString("client_message_id") != null) {
            steps.add(step(
                    Columns.instant(rs, "received_at"),
                    "message-deduplicated",
                    "event_id",
                    rs.getString("event_id"),
                    "client_message_id",
                    rs.getString("client_message_id"),
                    "duplicates",
                    rs.getString("duplicates")));
        }
        Instant written = Columns.instant(rs, "provider_at");
        steps.add(step(
                Columns.instant(rs, "received_at"),
                "message-ordered",
                "seq",
                rs.getString("seq"),
                "provider_at",
                written == null ? null : written.toString()));
        add(steps, step(Columns.instant(rs, "decided_at"), "decided", "decision_id", rs.getString("decision_id")));
        add(
                steps,
                step(
                        Columns.instant(rs, "ran_at"),
                        "agent-ran",
                        "run_id",
                        rs.getString("run_id"),
                        "provider",
                        rs.getString("provider"),
                        "model",
                        rs.getString("model"),
                        "prompt_version",
                        rs.getString("prompt_version"),
                        "prompt_version_id",
                        rs.getString("prompt_version_id")));
        add(steps, step(Columns.instant(rs, "settled_at"), "settled", "credits", rs.getString("credits")));
        add(
                steps,
                step(
                        Columns.instant(rs, "finished_at"),
                        "message-" + rs.getString("state").toLowerCase(Locale.ROOT),
                        "reply_id",
                        rs.getString("reply_id"),
                        "merged_into",
                        rs.getString("merged_into"),
                        "code",
                        rs.getString("problem_code")));
        return steps;
    }

    private static void add(List<OperationStep> steps, OperationStep step) {
        if (step.at() != null) {
            steps.add(step);
        }
    }

    private static OperationStep step(Instant at, String name, String... detail) {
        Map<String, Object> known = new LinkedHashMap<>();
        for (int i = 0; i < detail.length; i += 2) {
            if (detail[i + 1] != null) {
                known.put(detail[i], detail[i + 1]);
            }
        }
        return new OperationStep(at, OperationService.SERVICE, name, known);
    }
}
