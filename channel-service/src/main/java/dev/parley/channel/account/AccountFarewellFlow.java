package dev.parley.channel.account;

import dev.parley.channel.adapter.Adapters;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Takes an erased tenant's webhooks away at its messengers, as far as they can be reached. */
@ApplicationScoped
public class AccountFarewellFlow {
    private static final Logger LOG = Logger.getLogger(AccountFarewellFlow.class);

    private final AccountService accounts;
    private final Adapters adapters;

    AccountFarewellFlow(AccountService accounts, Adapters adapters) {
        this.accounts = accounts;
        this.adapters = adapters;
    }

    /** Asks each messenger once; what fails is passed over, since without the account its calls are refused here. */
    public void disconnectAll(TenantId tenant) {
        for (UUID account : accounts.connected(tenant)) {
            try {
                AccountService.Opened opened = accounts.open(tenant, account);
                adapters.ofAccount(opened.account().type())
                        .ifPresent(messenger -> messenger.disconnect(
                                opened.credentials(),
                                accounts.webhookUrl(opened.account().type(), account)));
            } catch (RuntimeException unreachable) {
                LOG.warnf("a channel of tenant %s stays known to its messenger", tenant);
            }
        }
    }
}
