package dev.parley.auth.proof;

import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks a whole trail against itself and against the heads that were copied away. */
@ApplicationScoped
public class VerificationFlow {
    private final ProofService proofs;
    private final HeadFlow heads;
    private final HeadSignatures signatures;
    private final AuditKeyService keys;

    VerificationFlow(ProofService proofs, HeadFlow heads, HeadSignatures signatures, AuditKeyService keys) {
        this.proofs = proofs;
        this.heads = heads;
        this.signatures = signatures;
        this.keys = keys;
    }

    /** Verifies the trail of the caller's tenant; a 503 problem when the second place does not answer. */
    VerificationResponse verify(Caller caller) {
        return verify(caller.tenant());
    }

    VerificationResponse verify(TenantId tenant) {
        List<SignedHead> copied = heads.copied(tenant);
        ChainVerifier verifier = new ChainVerifier(
                head -> signatures.read(tenant, head.jws()).filter(head::equals).isPresent());
        copied.forEach(verifier::expect);
        proofs.walk(tenant, verifier);
        List<Fault> faults = verifier.faults();
        return new VerificationResponse(
                faults.isEmpty(),
                verifier.entries(),
                newest(tenant, copied.stream().findFirst()),
                faults);
    }

    private @Nullable SignedHead newest(TenantId tenant, Optional<SignedHead> copy) {
        Optional<SignedHead> here = heads.genuineLast(tenant);
        return here.filter(head -> copy.isEmpty() || head.seq() >= copy.get().seq())
                .or(() -> copy)
                .orElse(null);
    }

    /** The signed head of the caller's trail as it is now; empty for a trail without entries. */
    Optional<SignedHead> head(Caller caller) {
        return heads.current(caller.tenant());
    }

    /** The keys that sign heads, old ones too, as a JWK set. */
    String keys() {
        return keys.published();
    }
}
