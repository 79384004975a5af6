package dev.parley.auth.identity;

import dev.parley.platform.data.Database;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Keeps what every tenant may know about a person: e-mail address and name. */
@ApplicationScoped
public class UserAccountService {
    private final Database database;
    private final UserAccountRepository accounts;

    UserAccountService(Database database, UserAccountRepository accounts) {
        this.database = database;
        this.accounts = accounts;
    }

    /** The id of the person that calls; a 403 problem when it is a key or a service. */
    public UUID personOf(Caller caller) {
        try {
            return UUID.fromString(caller.subject());
        } catch (IllegalArgumentException noPerson) {
            throw new Problem(CommonProblem.FORBIDDEN).detail("only a person may do this");
        }
    }

    /** The account with that id; empty for a person who never came by. */
    public Optional<UserAccount> find(UUID id) {
        return database.global(handle -> accounts.find(handle, id));
    }

    /** As {@link #find(UUID)}, within a transaction. */
    public Optional<UserAccount> find(Handle handle, UUID id) {
        return accounts.find(handle, id);
    }

    /** The accounts with these ids, within a transaction. */
    public List<UserAccount> find(Handle handle, Set<UUID> ids) {
        return ids.isEmpty() ? List.of() : accounts.find(handle, ids);
    }

    /** Creates or corrects an account, within a transaction. */
    public void save(Handle handle, UserAccount account) {
        accounts.save(handle, account);
    }

    /**
     * Notes a person who came with a valid token: makes the account, or follows a changed or newly proven e-mail
     * address. An older token that does not know of the proof yet does not take it back.
     */
    public void seen(ProvenPerson person) {
        if (person.email() == null) {
            return;
        }
        database.global(handle -> {
            Optional<UserAccount> known = accounts.find(handle, person.id());
            boolean sameAddress = known.isPresent() && known.get().email().equals(person.email());
            boolean verified =
                    person.emailVerified() || (sameAddress && known.get().emailVerified());
            if (!sameAddress || known.get().emailVerified() != verified) {
                String name = known.map(UserAccount::name).orElse(person.name());
                accounts.save(handle, new UserAccount(person.id(), person.email(), name, verified));
            }
            return true;
        });
    }

    /** Notes that a person proved its address, as Keycloak told just now. */
    void verified(UserAccount account) {
        database.global(handle -> {
            accounts.save(handle, new UserAccount(account.id(), account.email(), account.name(), true));
            return true;
        });
    }
}
