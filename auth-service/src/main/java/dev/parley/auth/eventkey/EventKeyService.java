package dev.parley.auth.eventkey;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import dev.parley.platform.eventkey.EventKeyAnswer;
import dev.parley.platform.eventkey.EventKeys;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.GeneralSecurityException;

/** Hands event keys to services. */
@ApplicationScoped
class EventKeyService {
    private final EventKeys keys;

    EventKeyService(EventKeys keys) {
        this.keys = keys;
    }

    /** The key of the tenant that the service acts for; a 410 problem once its erasure has begun. */
    EventKeyAnswer hand(Caller service, TenantId tenant) {
        if (!service.tenant().equals(tenant)) {
            throw new Problem(CommonProblem.NOT_FOUND);
        }
        if (!tenant.equals(TenantId.PLATFORM) && keys.ending(tenant)) {
            throw new Problem(EventKeyProblem.TENANT_ERASED);
        }
        return keys.keyset(tenant)
                .map(keyset -> {
                    try {
                        return new EventKeyAnswer(
                                TinkProtoKeysetFormat.serializeKeyset(keyset, InsecureSecretKeyAccess.get()));
                    } catch (GeneralSecurityException e) {
                        throw new IllegalStateException("an event key cannot be written", e);
                    }
                })
                .orElseThrow(() -> new Problem(EventKeyProblem.TENANT_ERASED));
    }
}
