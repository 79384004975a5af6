package dev.parley.platform.eventkey;

import com.google.crypto.tink.KeysetHandle;
import dev.parley.platform.tenancy.TenantId;
import java.util.Optional;

/** Where a service gets the event key of a tenant that it meets for the first time: auth-service, which makes it. */
public interface EventKeySource {
    /** The tenant's key; empty when the tenant is being erased, or was. A 503 problem when it cannot be known now. */
    Optional<KeysetHandle> keyOf(TenantId tenant);
}
