package dev.parley.agent.providerkey;

import static dev.parley.agent.AgentFixtures.aTenant;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.agent.FakeVendors;
import dev.parley.agent.provider.LlmEndpoint;
import dev.parley.agent.provider.ProviderService;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.data.Database;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.ParleyTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ParleyTestResource.class)
@QuarkusTestResource(FakeVendors.class)
class ProviderKeyServiceIT {
    @Inject
    Database database;

    @Inject
    ProviderKeyRepository keys;

    @Inject
    ProviderService providers;

    @Inject
    SecretVault vault;

    @Inject
    Audit audit;

    @Inject
    ProviderKeyConfig config;

    @Test
    void aKeyThatAnotherReplicaSetIsTheOneThatIsTriedHere() {
        // Given a key that this replica has at hand
        ProviderKeyService here = replica();
        ProviderKeyService there = replica();
        TenantId tenant = aTenant();
        set(there, tenant, "sk-own-before");
        LlmEndpoint platforms = providers.endpoint("default").orElseThrow();
        assertThat(here.targets(tenant, platforms, "any").getFirst().endpoint().apiKey())
                .isEqualTo("sk-own-before");

        // When
        UUID id = set(there, tenant, "sk-own-after");

        // Then
        LlmEndpoint tried = here.endpoint(tenant, id);
        assertThat(tried.apiKey()).isEqualTo("sk-own-after");
        assertThat(tried.keyOwner()).isEqualTo(tenant);
    }

    private ProviderKeyService replica() {
        return new ProviderKeyService(database, keys, providers, vault, audit, config);
    }

    private static UUID set(ProviderKeyService keys, TenantId tenant, String key) {
        Caller admin = new Caller(tenant, UUID.randomUUID().toString(), "password", Set.of("admin"), Set.of());
        return keys.set(admin, new ProviderKeyRequest("default", key)).id();
    }
}
