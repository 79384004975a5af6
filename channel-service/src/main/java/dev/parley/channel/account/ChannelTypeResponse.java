package dev.parley.channel.account;

import dev.parley.channel.adapter.AccountAdapter;
import dev.parley.channel.adapter.Credential;
import java.util.List;

/**
 * A vendor whose accounts can be connected.
 *
 * @param type what its accounts are called when they are connected
 * @param channel its channel's name in plans, messages and rules
 * @param label what people call it
 * @param credentials what is typed to connect an account
 */
public record ChannelTypeResponse(String type, String channel, String label, List<Credential> credentials) {
    static ChannelTypeResponse of(AccountAdapter adapter) {
        return new ChannelTypeResponse(adapter.accountType(), adapter.type(), adapter.label(), adapter.credentials());
    }
}
