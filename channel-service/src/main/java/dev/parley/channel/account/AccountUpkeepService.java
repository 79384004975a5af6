package dev.parley.channel.account;

import dev.parley.channel.account.AccountRepository.Owned;
import dev.parley.channel.adapter.Adapters;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What accounts need from time to time: old credentials are forgotten, vendors are asked what they delivered. */
@ApplicationScoped
public class AccountUpkeepService {
    private static final int BATCH = 100;

    private final Database database;
    private final AccountRepository repository;
    private final Adapters adapters;
    private final AccountConfig config;

    AccountUpkeepService(Database database, AccountRepository repository, Adapters adapters, AccountConfig config) {
        this.database = database;
        this.repository = repository;
        this.adapters = adapters;
        this.config = config;
    }

    /** Forgets credentials that are good for nothing any more; returns of how many accounts. */
    public int forgetOverdueCredentials() {
        List<Owned> overdue = database.acrossTenants(handle -> repository.withOverdueCredentials(handle, BATCH));
        overdue.forEach(account -> database.useTenant(
                account.tenant(),
                handle -> repository.forgetOverdueCredentials(handle, account.tenant(), account.id())));
        return overdue.size();
    }

    /** The accounts whose vendors can be asked what came, and were not for a while. */
    public List<Unasked> unasked() {
        return database
                .acrossTenants(
                        handle -> repository.unasked(handle, adapters.listingReceived(), config.reconcile(), BATCH))
                .stream()
                .map(account -> new Unasked(account.tenant(), account.id()))
                .toList();
    }

    /** Takes the asking; returns until when the vendor told all, empty when another replica took it. */
    public Optional<Instant> ask(Unasked account) {
        return database.inTenant(
                account.tenant(), handle -> repository.ask(handle, account.tenant(), account.id(), config.reconcile()));
    }

    /** Notes that the vendor told all until it was asked; until then it is asked for the same again. */
    public void answered(Unasked account) {
        database.useTenant(account.tenant(), handle -> repository.answered(handle, account.tenant(), account.id()));
    }

    /** An account that is to be asked. */
    public record Unasked(TenantId tenant, UUID id) {}
}
