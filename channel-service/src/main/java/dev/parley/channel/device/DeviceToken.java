package dev.parley.channel.device;

import dev.parley.platform.crypto.Sha256;

/** What vendors call an app on a device: an address that is a secret. */
final class DeviceToken {
    static final String FORM = "[A-Za-z0-9_:.=-]{20,1024}";
    static final String MUST = "must be a registration token";
    static final String LANGUAGE = "[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}";

    private DeviceToken() {}

    /** By which a token is found again; tokens are random, so it tells nothing. */
    static byte[] hash(String token) {
        return Sha256.of(token);
    }
}
