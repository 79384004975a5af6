package dev.parley.channel.account;

import dev.parley.channel.adapter.Finding;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Keeps what accounts' vendors complain of, where people see it who can mend it. */
@ApplicationScoped
public class TroubleService {
    private static final String DELIVERY = "delivery";

    private final Database database;
    private final TroubleRepository repository;
    private final Clock clock;

    TroubleService(Database database, TroubleRepository repository, Clock clock) {
        this.database = database;
        this.repository = repository;
        this.clock = clock;
    }

    /**
     * Notes a complaint.
     *
     * @param pause how long nothing is to be sent through the account; null when other things may go through
     */
    public void note(Handle handle, TenantId tenant, UUID account, String reason, @Nullable Duration pause) {
        repository.note(handle, tenant, account, reason, pause);
    }

    /** Notes that something was taken: all is well, unless another thing was refused meanwhile. */
    public void taken(Handle handle, TenantId tenant, UUID account) {
        repository.taken(handle, tenant, account);
    }

    /** Notes that there is nothing to complain of any more. */
    public void over(Handle handle, TenantId tenant, UUID account) {
        repository.over(handle, tenant, account);
    }

    /** What people are shown who test the account; empty when there is no complaint. */
    Optional<Finding> finding(TenantId tenant, UUID account) {
        return database.inTenant(tenant, handle -> repository.find(handle, tenant, account))
                .map(trouble -> Finding.wrong(
                        DELIVERY,
                        trouble.reason(),
                        trouble.pausedUntil() != null && trouble.pausedUntil().isAfter(clock.instant())
                                ? "Nothing goes out before " + trouble.pausedUntil() + ": mend it, or wait."
                                : "See to what the vendor complains of; this ends when it takes something again."));
    }
}
