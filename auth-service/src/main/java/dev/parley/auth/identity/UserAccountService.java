package dev.parley.auth.identity;

import dev.parley.auth.outbound.LoginMeans;
import dev.parley.platform.data.Database;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Keeps what every tenant may know about a person: e-mail address and name. */
@ApplicationScoped
public class UserAccountService {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(15);

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

    /** When the account last changed; empty for a person who never came by. */
    public Optional<Instant> changedAt(UUID id) {
        return database.global(handle -> accounts.changedAt(handle, id));
    }

    /**
     * Changes the account, within a transaction; false when it has changed after {@code last}. So of those who looked
     * at what the person has after one {@link #changedAt(UUID)}, only one goes on with what it saw.
     */
    public boolean changeAfter(Handle handle, UUID id, Instant last) {
        return accounts.changeAfter(handle, id, last);
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
            note(handle, person);
            return true;
        });
    }

    /**
     * As {@link #seen(ProvenPerson)}, of a person who is found to have proven the address just now; the proof is fresh
     * for some time, during which {@link #freshProofs(int)} names it.
     *
     * @param passwordSetAt when the password was set that Keycloak has at the proof, or null without one
     */
    public void seenProven(ProvenPerson person, @Nullable Instant passwordSetAt) {
        database.global(handle -> {
            note(handle, person);
            accounts.watch(handle, person.id(), passwordSetAt, FIRST_PAUSE);
            return true;
        });
    }

    /** Makes a proof fresh again, with the password that Keycloak has now. */
    public void watch(UUID user, @Nullable Instant passwordSetAt) {
        database.global(handle -> {
            accounts.watch(handle, user, passwordSetAt, FIRST_PAUSE);
            return true;
        });
    }

    /** Fresh proofs that are to be looked at now, some at a time. */
    public List<FreshProof> freshProofs(int limit) {
        return database.global(handle -> accounts.toWatch(handle, limit));
    }

    /** Notes that nothing was wrong with a fresh proof; it is to be looked at again, each time after a longer pause. */
    public void lookLater(FreshProof proof) {
        database.global(handle -> {
            accounts.watchLater(handle, proof.user());
            return true;
        });
    }

    /** Notes that a proof is not fresh any more. */
    public void settled(FreshProof proof) {
        database.global(handle -> {
            accounts.watchNoMore(handle, proof.user());
            return true;
        });
    }

    private void note(Handle handle, ProvenPerson person) {
        Optional<UserAccount> known = accounts.find(handle, person.id());
        boolean sameAddress = known.isPresent() && known.get().email().equals(person.email());
        boolean verified = person.emailVerified() || (sameAddress && known.get().emailVerified());
        if (!sameAddress || known.get().emailVerified() != verified) {
            String name = known.map(UserAccount::name).orElse(person.name());
            accounts.save(handle, new UserAccount(person.id(), person.email(), name, verified));
        }
    }

    /** Notes that a person proved its address, as Keycloak told just now; the proof is fresh where no provider is linked. */
    void verified(UserAccount account, LoginMeans means) {
        database.global(handle -> {
            accounts.save(handle, new UserAccount(account.id(), account.email(), account.name(), true));
            if (means.providers().isEmpty()) {
                accounts.watch(handle, account.id(), means.passwordSetAt(), FIRST_PAUSE);
            }
            return true;
        });
    }
}
