package dev.parley.channel.push;

import dev.parley.channel.adapter.PushAdapter;
import dev.parley.channel.adapter.PushNotice;
import dev.parley.platform.tenancy.TenantId;
import java.util.Map;
import java.util.UUID;

/**
 * A notice that this process, and nobody else, is to send now.
 *
 * @param attempt which one it is: what another attempt found out counts for nothing here
 * @param troubled whether the vendor complained of the account before
 * @param credentials in clear, never to be logged or kept
 */
record Order(
        TenantId tenant,
        UUID id,
        int attempt,
        UUID channel,
        boolean troubled,
        PushAdapter adapter,
        Map<String, String> credentials,
        PushNotice notice) {
    @Override
    public String toString() {
        return "Order[" + id + "]";
    }
}
