package dev.parley.auth.device;

import dev.parley.auth.identity.SecretText;
import dev.parley.auth.outbound.KeycloakClient;
import dev.parley.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Lets the owner of an account in while somebody guesses its password. Keycloak locks the account for everybody; a
 * device that logged in before opens the lock. Each opening gives the guesser about ten more guesses, so a device opens
 * at most ten locks between two good logins of its own: whoever has a copy of its token and no password gets about a
 * hundred guesses, and no more until the owner has logged in with that device.
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
        SecretText token = device.token();
        return token != null
                && devices.owner(token).filter(owner -> unlock(owner, token)).isPresent();
    }

    /** As {@link #unlock(Device)}, where a login must go on whatever Keycloak answers. */
    public void tryUnlock(Device device) {
        try {
            unlock(device);
        } catch (Problem unavailable) {
            LOG.warn("a lock could not be looked at", unavailable);
        }
    }

    private boolean unlock(UUID user, SecretText token) {
        if (!keycloak.isLocked(user)) {
            return false;
        }
        if (!devices.mayUnlock(token)) {
            LOG.warn("a known device opened ten locks without a good login and opens no more");
            return false;
        }
        keycloak.unlock(user);
        LOG.info("a known device opened the lock of an account under attack");
        return true;
    }
}
