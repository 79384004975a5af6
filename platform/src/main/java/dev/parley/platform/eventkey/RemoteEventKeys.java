package dev.parley.platform.eventkey;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import dev.parley.platform.http.ServiceClients;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;

/** Asks auth-service for event keys. */
@DefaultBean
@ApplicationScoped
class RemoteEventKeys implements EventKeySource {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int GONE = 410;

    private final ServiceClients services;

    RemoteEventKeys(ServiceClients services) {
        this.services = services;
    }

    @Override
    public Optional<KeysetHandle> keyOf(TenantId tenant) {
        try {
            EventKeyAnswer answer = services.to("auth-service")
                    .get(tenant, "/internal/event-keys/" + tenant, EventKeyAnswer.class, TIMEOUT);
            return Optional.of(TinkProtoKeysetFormat.parseKeyset(answer.keyset(), InsecureSecretKeyAccess.get()));
        } catch (Problem refused) {
            if (refused.type().status() == GONE) {
                return Optional.empty();
            }
            throw refused;
        } catch (GeneralSecurityException malformed) {
            throw new IllegalStateException("auth-service answered something else than a keyset", malformed);
        }
    }
}
