package dev.parley.auth.proof;

import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Brings together what is needed to sign: the trail, the keys and the second place. */
@ApplicationScoped
class HeadFlow {
    private static final Logger LOG = Logger.getLogger(HeadFlow.class);

    private final HeadService heads;
    private final HeadSignatures signatures;
    private final HeadCopies copies;
    private final ProofConfig config;

    HeadFlow(HeadService heads, HeadSignatures signatures, HeadCopies copies, ProofConfig config) {
        this.heads = heads;
        this.signatures = signatures;
        this.copies = copies;
        this.config = config;
    }

    /** Signs, each minute, the heads of the trails that grew. */
    @Scheduled(
            every = "60s",
            delayed = "20s",
            identity = "audit-heads",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void signMoved() {
        try {
            List<TenantId> moved = heads.moved(config.batch());
            if (!moved.isEmpty()) {
                Map<TenantId, List<SignedHead>> copied = copies.of(moved);
                moved.forEach(tenant -> sign(tenant, copied.getOrDefault(tenant, List.of())));
            }
        } catch (Problem unavailable) {
            LOG.warnf("heads of audit trails are signed later: %s", unavailable.getMessage());
        }
    }

    /** The signed head of a trail, which covers every entry that is there now unless the trail is broken. */
    Optional<SignedHead> current(TenantId tenant) {
        return sign(tenant, copied(tenant));
    }

    /** The heads in the second place: the furthest, if there is one, and those that are at odds. */
    List<SignedHead> copied(TenantId tenant) {
        return copies.of(List.of(tenant)).getOrDefault(tenant, List.of());
    }

    /** The last head that is kept here and that Parley signed. */
    Optional<SignedHead> genuineLast(TenantId tenant) {
        return heads.last(tenant)
                .filter(head ->
                        signatures.read(tenant, head.jws()).filter(head::equals).isPresent());
    }

    private Optional<SignedHead> sign(TenantId tenant, List<SignedHead> copied) {
        Optional<SignedHead> known = heads.last(tenant);
        if (known.isPresent()
                && signatures
                        .read(tenant, known.get().jws())
                        .filter(known.get()::equals)
                        .isEmpty()) {
            LOG.errorf("the last head of tenant %s was not signed by Parley: its trail is no longer signed", tenant);
            return copied.stream().findFirst();
        }
        return heads.sign(tenant, signatures.pen(), known.orElse(null), copied);
    }
}
