package dev.parley.channel.adapter;

import dev.parley.platform.tenancy.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A vendor at which tenants have accounts that they connect: their credentials are looked at, kept and tested. */
public interface AccountAdapter extends ChannelAdapter {
    /** What an account of it is called when it is connected, and in the address of its webhook. */
    default String accountType() {
        return type();
    }

    /** What people call it. */
    String label();

    /** What people type to connect an account, in the order in which they are asked. */
    List<Credential> credentials();

    /**
     * Checks the credentials' form and asks the vendor whose they are; changes nothing there.
     *
     * @param tenant whose share of this process the question is
     * @param credentials what the tenant typed; unknown members are refused
     * @return what to keep
     * @throws dev.parley.platform.problem.Problem when the form is wrong or the vendor refuses or cannot be reached
     */
    Connection identify(TenantId tenant, Map<String, String> credentials);

    /**
     * Tells the vendor where to deliver the account's messages from now on; nothing where people do that themselves, or
     * where nothing comes in.
     *
     * @param webhookUrl the public address of the account's webhook
     * @throws dev.parley.platform.problem.Problem when the vendor refuses or cannot be reached
     */
    default void register(Connection connection, String webhookUrl) {}

    /**
     * Asks the vendor to deliver nothing more to that address; where it delivers to another one by now, that is not
     * ours to end. Best effort: a failure is not told.
     */
    default void disconnect(Map<String, String> credentials, String webhookUrl) {}

    /**
     * Looks whether everything is as it has to be for messages to go the ways that there are; changes nothing.
     *
     * @return what was looked at, the first things first; what cannot be known is left out
     */
    List<Finding> inspect(TenantId tenant, Map<String, String> credentials, String webhookUrl);

    /** The credentials that sign what the vendor delivers: while these stay, nothing was rotated. */
    default Set<String> signingCredentials() {
        return Set.of();
    }
}
