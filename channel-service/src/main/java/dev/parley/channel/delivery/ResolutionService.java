package dev.parley.channel.delivery;

import dev.parley.channel.conversation.MessageEvent;
import dev.parley.channel.delivery.ResolutionRepository.Doubtful;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;

/** Ends the doubt about ambiguous sends as people say. */
@ApplicationScoped
class ResolutionService {
    private static final String RESEND = "resend";

    private final Database database;
    private final ResolutionRepository repository;
    private final Outbox outbox;
    private final Audit audit;
    private final Clock clock;

    ResolutionService(Database database, ResolutionRepository repository, Outbox outbox, Audit audit, Clock clock) {
        this.database = database;
        this.repository = repository;
        this.outbox = outbox;
        this.audit = audit;
        this.clock = clock;
    }

    /** Notes what a person found out, and returns whose conversation it is; 409 when the send is not ambiguous. */
    UUID resolve(Caller caller, UUID operation, int part, String as) {
        TenantId tenant = caller.tenant();
        SendState next = as.equals(RESEND) ? SendState.PENDING : SendState.SENT;
        return database.inTenant(tenant, handle -> {
            Doubtful send = repository
                    .lock(handle, tenant, operation, part)
                    .orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
            if (send.state() != SendState.AMBIGUOUS) {
                throw new Problem(DeliveryProblem.SEND_NOT_AMBIGUOUS);
            }
            repository.resolve(handle, tenant, send.id(), next, "resolved as " + as + " by " + caller.actor());
            audit.record(
                    handle,
                    caller,
                    tenant,
                    new AuditEntry(
                            "send.resolve",
                            "operation",
                            operation.toString(),
                            Map.of("part", part, "state", "ambiguous"),
                            Map.of("part", part, "as", as),
                            null));
            if (next == SendState.SENT && send.last()) {
                Operation.enter(operation);
                outbox.append(
                        handle,
                        tenant,
                        MessageEvent.of(
                                MessageEvent.Kind.SENT,
                                send.message(),
                                send.conversation(),
                                operation,
                                send.channel(),
                                send.agent(),
                                clock.instant()));
            }
            return send.conversation();
        });
    }
}
