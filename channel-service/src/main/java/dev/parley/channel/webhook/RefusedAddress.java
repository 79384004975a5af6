package dev.parley.channel.webhook;

/** An address that must not be called; the message says why, without what a name server answered. */
public final class RefusedAddress extends Exception {
    RefusedAddress(String reason) {
        super(reason, null, false, false);
    }
}
