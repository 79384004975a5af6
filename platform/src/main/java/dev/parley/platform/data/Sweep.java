package dev.parley.platform.data;

import dev.parley.platform.tenancy.TenantId;
import java.util.Collection;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Work that is due for some tenants, done for one after the other. */
public final class Sweep {
    private static final Logger LOG = Logger.getLogger(Sweep.class);

    private Sweep() {}

    /**
     * Does the work for each tenant. One whose work fails is logged and keeps nobody behind it from a turn.
     *
     * @return whether all of it was done
     */
    public static boolean each(Collection<TenantId> tenants, Consumer<TenantId> work) {
        boolean all = true;
        for (TenantId tenant : tenants) {
            try {
                work.accept(tenant);
            } catch (RuntimeException failure) {
                LOG.errorf(failure, "tenant %s is left for the next sweep", tenant);
                all = false;
            }
        }
        return all;
    }
}
