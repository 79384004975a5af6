package dev.parley.auth.device;

import dev.parley.auth.outbound.KeycloakClient;
import dev.parley.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Lets the owner of an account in while somebody guesses its password. Keycloak locks the account for everybody; a
 * device that logged in before opens the lock. Each opening gives the guesser about ten more guesses, and openings are
 * as rare as the owner's logins.
 */
@ApplicationScoped
public class UnlockFlow {
    private static final Logger LOG = Logger.getLogger(UnlockFlow.class);

    private final KnownDeviceService devices;
    private final KeycloakClient keycloak;

    UnlockFlow(KnownDeviceService devices, KeycloakClient keycloak) {
        this.devices = devices;
        this.keycloak = keycloak;
    }

    /** Opens the lock of the account that this device belongs to; false when there is nothing to open. */
    public boolean unlock(Device device) {
        return devices.owner(device.token()).filter(this::unlock).isPresent();
    }

    /** As {@link #unlock(Device)}, where a login must go on whatever Keycloak answers. */
    public void tryUnlock(Device device) {
        try {
            unlock(device);
        } catch (Problem unavailable) {
            LOG.warn("a lock could not be looked at", unavailable);
        }
    }

    private boolean unlock(UUID user) {
        if (!keycloak.isLocked(user)) {
            return false;
        }
        keycloak.unlock(user);
        LOG.info("a known device opened the lock of an account under attack");
        return true;
    }
}
