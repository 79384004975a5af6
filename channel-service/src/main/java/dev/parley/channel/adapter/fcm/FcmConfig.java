package dev.parley.channel.adapter.fcm;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Where Firebase Cloud Messaging is, and how long it is left alone when it asks for that. */
@ConfigMapping(prefix = "channel.fcm")
public interface FcmConfig {
    /** The API's address without a slash at the end; set by {@code PARLEY_FCM_API_BASE}. */
    @WithDefault("https://fcm.googleapis.com")
    String apiBase();

    /**
     * Where access tokens are had; set by {@code PARLEY_FCM_TOKEN_URL}. The address within a tenant's key file is never
     * called: it could be any address.
     */
    @WithDefault("https://oauth2.googleapis.com/token")
    String tokenUrl();

    /** How long to wait after a 429 that does not say how long. */
    @WithDefault("60s")
    Duration ratePause();

    /** How long to wait after a 503 that does not say how long, or when there is no connection. */
    @WithDefault("10s")
    Duration busyPause();

    /** How long to wait when the credentials are refused. */
    @WithDefault("5m")
    Duration refusedPause();

    /** The longest that a {@code Retry-After} is obeyed. */
    @WithDefault("15m")
    Duration longestPause();
}
