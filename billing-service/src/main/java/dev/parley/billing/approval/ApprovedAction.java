package dev.parley.billing.approval;

import dev.parley.platform.security.Caller;
import org.jdbi.v3.core.Handle;

/** One kind of change that may need a second admin. */
public interface ApprovedAction {
    /** The action's name, as policy decides about it. */
    String action();

    /**
     * Makes the change in the transaction of the approval, and returns what came of it. What needs a remote call stores
     * its intent here.
     */
    Object carryOut(Handle handle, Approval approval, Caller second);
}
