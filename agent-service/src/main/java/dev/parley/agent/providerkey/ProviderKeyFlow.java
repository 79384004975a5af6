package dev.parley.agent.providerkey;

import dev.parley.agent.provider.LlmEndpoint;
import dev.parley.agent.provider.LlmFailure;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmProviders;
import dev.parley.agent.provider.LlmReply;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Finds out whether a tenant's own key works, by one short question that the tenant's account at the provider pays. */
@ApplicationScoped
class ProviderKeyFlow {
    private static final int ENOUGH = 16;
    private static final List<LlmMessage> QUESTION = List.of(LlmMessage.of(LlmMessage.Role.USER, "Say: ok"));

    private final ProviderKeyService keys;
    private final LlmProviders providers;
    private final Clock clock;

    ProviderKeyFlow(ProviderKeyService keys, LlmProviders providers, Clock clock) {
        this.keys = keys;
        this.providers = providers;
        this.clock = clock;
    }

    /**
     * Asks the provider of a key; 404 when there is no such key, 422 when a model must be named. Which answer comes does
     * not matter, only that one comes.
     */
    KeyTest test(TenantId tenant, UUID id, String model) {
        LlmEndpoint endpoint = keys.endpoint(tenant, id);
        String asked = model == null ? endpoint.defaultModel() : model;
        if (asked == null) {
            throw new Problem(ProviderKeyProblem.MODEL_NEEDED)
                    .detail("The provider " + endpoint.name() + " has no default model: name one.");
        }
        if (endpoint.apiKey() == null) {
            return new KeyTest(
                    false, endpoint.name(), asked, "The provider has moved since the key was set. Set it again.", 0);
        }
        Instant from = clock.instant();
        try {
            LlmReply reply =
                    providers.of(endpoint).complete(endpoint, new LlmRequest(asked, QUESTION, null, ENOUGH, List.of()));
            return new KeyTest(true, endpoint.name(), printable(reply.model()), null, since(from));
        } catch (LlmFailure failure) {
            return new KeyTest(false, endpoint.name(), asked, failure.getMessage(), since(from));
        }
    }

    private long since(Instant from) {
        return Duration.between(from, clock.instant()).toMillis();
    }

    private static String printable(String name) {
        String clean = name.replaceAll("[\\p{Cc}\\p{Cs}]", "");
        return clean.length() <= 200 ? clean : clean.substring(0, 200);
    }
}
