package dev.parley.bench.engine;

import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.AuthorizationRequest;
import com.cedarpolicy.model.entity.Entity;
import com.cedarpolicy.model.exception.AuthException;
import com.cedarpolicy.model.exception.CacheException;
import com.cedarpolicy.model.exception.InternalException;
import com.cedarpolicy.model.policy.PolicySet;
import com.cedarpolicy.value.EntityTypeName;
import com.cedarpolicy.value.EntityUID;
import com.cedarpolicy.value.PrimString;
import com.cedarpolicy.value.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Cedar through its official binding, with one policy for each tenant, parsed once and kept on its side. */
final class Cedar implements Judge {
    private static final EntityTypeName TENANT = EntityTypeName.parse("Tenant").orElseThrow();
    private static final EntityTypeName AGENT = EntityTypeName.parse("Agent").orElseThrow();
    private static final EntityUID USE =
            EntityTypeName.parse("Action").orElseThrow().of("use");

    private final BasicAuthorizationEngine engine = new BasicAuthorizationEngine();
    private final PolicySet policies;

    Cedar(World world) {
        String text = world.entitlements().stream().map(Cedar::policy).collect(Collectors.joining("\n"));
        try {
            policies = PolicySet.parsePolicies(text);
            policies.cache();
        } catch (InternalException | CacheException refused) {
            throw new IllegalStateException(refused);
        }
    }

    private static String policy(Entitlement one) {
        return """
                permit (principal == Tenant::"%s", action == Action::"use", resource)
                when { ["trial", "active", "past_due"].contains("%s")
                    && [%s].contains(resource) && [%s].contains(context.channel) };"""
                .formatted(
                        one.tenant(),
                        one.state(),
                        one.agents().stream()
                                .map("Agent::\"%s\""::formatted)
                                .collect(Collectors.joining(", ")),
                        one.channels().stream().map("\"%s\""::formatted).collect(Collectors.joining(", ")));
    }

    @Override
    public boolean allows(Question question) {
        Map<String, Value> context = new HashMap<>();
        context.put("channel", new PrimString(question.channel()));
        AuthorizationRequest request = new AuthorizationRequest(
                tenant(question.tenant()), USE, AGENT.of(question.agent()), context);
        try {
            return engine.isAuthorized(request, policies, Set.<Entity>of())
                    .success
                    .orElseThrow()
                    .isAllowed();
        } catch (AuthException refused) {
            throw new IllegalStateException(refused);
        }
    }

    private static EntityUID tenant(UUID id) {
        return TENANT.of(id.toString());
    }
}
