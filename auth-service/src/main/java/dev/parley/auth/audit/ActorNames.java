package dev.parley.auth.audit;

import dev.parley.auth.apikey.ApiKeyService;
import dev.parley.auth.identity.UserAccount;
import dev.parley.auth.identity.UserAccountService;
import dev.parley.auth.serviceaccount.ServiceAccountService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Says who an actor is in words that people know; the trail itself keeps ids, which nobody can rename. */
@ApplicationScoped
class ActorNames {
    private static final String API_KEY = "api-key:";
    private static final String SERVICE_ACCOUNT = "service-account:";
    private static final String SERVICE = "service:";

    private final UserAccountService accounts;
    private final ApiKeyService keys;
    private final ServiceAccountService serviceAccounts;

    ActorNames(UserAccountService accounts, ApiKeyService keys, ServiceAccountService serviceAccounts) {
        this.accounts = accounts;
        this.keys = keys;
        this.serviceAccounts = serviceAccounts;
    }

    /** The names of those actors that are known, by actor, within a transaction of the tenant. */
    Map<String, String> of(Handle handle, Collection<String> actors) {
        Set<UUID> people = new HashSet<>();
        Set<UUID> used = new HashSet<>();
        Set<UUID> machines = new HashSet<>();
        Map<String, String> names = new HashMap<>();
        for (String actor : actors) {
            if (actor.startsWith(API_KEY)) {
                id(actor.substring(API_KEY.length())).ifPresent(used::add);
            } else if (actor.startsWith(SERVICE_ACCOUNT)) {
                id(actor.substring(SERVICE_ACCOUNT.length())).ifPresent(machines::add);
            } else if (actor.startsWith(SERVICE)) {
                names.put(actor, "Parley (" + actor.substring(SERVICE.length()) + ")");
            } else {
                id(actor).ifPresent(people::add);
            }
        }
        accounts.find(handle, people).forEach(person -> names.put(person.id().toString(), name(person)));
        keys.names(handle, used).forEach((id, name) -> names.put(API_KEY + id, "API key " + name));
        serviceAccounts
                .names(handle, machines)
                .forEach((id, name) -> names.put(SERVICE_ACCOUNT + id, "service account " + name));
        return names;
    }

    private static String name(UserAccount person) {
        return person.name().isBlank() ? person.email() : person.name() + " <" + person.email() + ">";
    }

    private static Optional<UUID> id(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException other) {
            return Optional.empty();
        }
    }
}
