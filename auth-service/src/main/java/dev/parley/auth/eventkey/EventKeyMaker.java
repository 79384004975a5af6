package dev.parley.auth.eventkey;

import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import dev.parley.auth.tenant.TenantService;
import dev.parley.platform.eventkey.EventKeySource;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.GeneralSecurityException;
import java.util.Optional;

/** Makes the key of a tenant when its first event is sent, the one that tells of its creation. */
@ApplicationScoped
class EventKeyMaker implements EventKeySource {
    private final TenantService tenants;

    EventKeyMaker(TenantService tenants) {
        this.tenants = tenants;
    }

    @Override
    public Optional<KeysetHandle> keyOf(TenantId tenant) {
        if (!TenantId.PLATFORM.equals(tenant) && tenants.ending(tenant)) {
            return Optional.empty();
        }
        try {
            return Optional.of(KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no event key can be made", e);
        }
    }
}
