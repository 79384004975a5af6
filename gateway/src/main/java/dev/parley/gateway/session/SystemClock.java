package dev.parley.gateway.session;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Provides the clock that the rest of the gateway is given. */
class SystemClock {
    @Produces
    @Singleton
    Clock utc() {
        return Clock.systemUTC();
    }
}
