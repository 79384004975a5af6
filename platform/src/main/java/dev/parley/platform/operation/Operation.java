package dev.parley.platform.operation;

import dev.parley.platform.id.Ids;
import java.util.UUID;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * The operation that is being worked on: one id from the first request to the last ledger entry.
 *
 * <p>It lives in the logging context, so what is logged and what is answered always agree.
 */
public final class Operation {
    /** The internal header that carries the operation id; the gateway sets it and strips what clients send. */
    public static final String HEADER = "X-Operation-Id";

    static final String KEY = "operation_id";
    private static final String TENANT_KEY = "tenant_id";

    private Operation() {}

    /** The id of the current operation; a new one starts when there is none. */
    public static UUID id() {
        Object current = MDC.get(KEY);
        if (current != null) {
            return UUID.fromString(current.toString());
        }
        UUID started = Ids.next();
        MDC.put(KEY, started.toString());
        return started;
    }

    /** Continues an operation that began elsewhere; null starts a new one. */
    public static void enter(@Nullable UUID id) {
        MDC.put(KEY, (id == null ? Ids.next() : id).toString());
    }

    /** Names the tenant in the log lines that follow. */
    public static void tenant(Object tenant) {
        MDC.put(TENANT_KEY, tenant.toString());
    }

    /** Forgets the operation, the tenant and the trace at the end of the work. */
    public static void leave() {
        MDC.remove(KEY);
        MDC.remove(TENANT_KEY);
        Trace.leave();
    }
}
