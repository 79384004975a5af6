package dev.parley.channel.delivery;

import dev.parley.channel.account.AccountService;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Asks customers to write again when an answer is held for them: by the template that the channel has for it, once until
 * they wrote again. It is part 0 of the answer.
 */
@ApplicationScoped
class HeldTemplates {
    private final AccountService accounts;
    private final HeldTemplateRepository repository;

    HeldTemplates(AccountService accounts, HeldTemplateRepository repository) {
        this.accounts = accounts;
        this.repository = repository;
    }

    /** Plans the template for a send that is held now, if the channel has one. */
    void offer(Handle handle, TenantId tenant, UUID account, UUID held) {
        accounts.heldTemplate(handle, tenant, account)
                .ifPresent(template -> repository.plan(handle, tenant, held, template));
    }
}
