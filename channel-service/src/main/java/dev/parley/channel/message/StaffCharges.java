package dev.parley.channel.message;

import dev.parley.channel.message.StaffMessageRepository.Claimed;
import dev.parley.channel.message.StaffMessageRepository.Due;
import dev.parley.channel.outbound.PolicyClient;
import dev.parley.channel.outbound.SettlementRequest;
import dev.parley.platform.data.Database;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

/** Sees to it that what people wrote is paid for: policy-service is told until it has booked it. */
@ApplicationScoped
public class StaffCharges {
    /** What a message costs. */
    public static final Map<String, Long> ONE_MESSAGE = Map.of("message", 1L);
    /** How long whoever wrote a message has to settle it, and each attempt after that. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Logger LOG = Logger.getLogger(StaffCharges.class);
    private static final int BATCH = 50;
    private static final int SERVER_FAULT = 500;

    private final Database database;
    private final StaffMessageRepository repository;
    private final PolicyClient policy;

    StaffCharges(Database database, StaffMessageRepository repository, PolicyClient policy) {
        this.database = database;
        this.repository = repository;
        this.policy = policy;
    }

    /** Notes a price in the transaction of what it is for; until it is booked it is not forgotten. */
    public void note(Handle handle, TenantId tenant, StaffCharge charge, String by) {
        repository.insertCharge(handle, tenant, charge, by, PATIENCE);
    }

    /**
     * Books what nobody has booked yet, until policy-service is found to be away, and gives back what codes would have cost
     * whose send ended before it was tried; returns how much was due.
     */
    public int sweep() {
        List<Due> due = database.acrossTenants(handle -> repository.dueCharges(handle, BATCH));
        for (Due one : due) {
            Optional<Claimed> claimed = database.inTenant(
                    one.tenant(), handle -> repository.claimCharge(handle, one.tenant(), one.operation(), PATIENCE));
            if (claimed.isPresent() && !end(one.tenant(), claimed.get())) {
                break;
            }
        }
        return due.size();
    }

    private boolean end(TenantId tenant, Claimed claimed) {
        return switch (claimed.service()) {
            case RENDERED -> book(tenant, claimed.charge());
            case AWAITED -> true;
            case NEVER -> giveBack(tenant, claimed.charge());
        };
    }

    /** As {@link #book(TenantId, StaffCharge)}, of what was noted before and is not booked yet. */
    public void book(TenantId tenant, UUID operation) {
        database.inTenant(tenant, handle -> repository.findCharge(handle, tenant, operation))
                .ifPresent(charge -> book(tenant, charge));
    }

    /**
     * Books one, or leaves it for later when policy-service is away: a person is not told otherwise because of that.
     *
     * @return whether policy-service answered
     */
    public boolean book(TenantId tenant, StaffCharge charge) {
        try {
            policy.settle(
                    tenant,
                    charge.operation(),
                    new SettlementRequest(
                            ONE_MESSAGE,
                            false,
                            charge.agent(),
                            charge.channel(),
                            charge.conversation(),
                            charge.user(),
                            null,
                            charge.hold()));
        } catch (Problem problem) {
            if (problem.type().status() >= SERVER_FAULT) {
                LOG.infof("operation %s of a person is charged later: %s", charge.operation(), problem.getMessage());
                return false;
            }
            LOG.errorf(problem, "operation %s of a person cannot be charged", charge.operation());
        }
        forget(tenant, charge.operation());
        return true;
    }

    private boolean giveBack(TenantId tenant, StaffCharge charge) {
        try {
            policy.release(tenant, charge.operation(), charge.hold(), "the code was not sent");
        } catch (Problem problem) {
            if (problem.type().status() >= SERVER_FAULT) {
                return false;
            }
            LOG.warnf(problem, "the hold of operation %s is left to expire", charge.operation());
        }
        forget(tenant, charge.operation());
        return true;
    }

    /** What could not be forgotten is booked once more, which charges nothing: the first charge is the answer. */
    private void forget(TenantId tenant, UUID operation) {
        try {
            database.useTenant(tenant, handle -> repository.deleteCharge(handle, tenant, operation));
        } catch (RuntimeException failure) {
            LOG.warnf("the price of operation %s is booked once more: %s", operation, failure.getMessage());
        }
    }
}
