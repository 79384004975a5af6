package dev.parley.platform.security;

import io.quarkus.security.UnauthorizedException;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.ApplicationScoped;

/** Gives the verified caller of the current request. */
@ApplicationScoped
public class CurrentCaller {
    static final String ATTRIBUTE = "parley.caller";

    private final SecurityIdentity identity;

    CurrentCaller(SecurityIdentity identity) {
        this.identity = identity;
    }

    /** The caller; 401 when the request carries no valid tenant context. */
    public Caller get() {
        Caller caller = identity.getAttribute(ATTRIBUTE);
        if (caller == null) {
            throw new UnauthorizedException();
        }
        return caller;
    }

    /** Whether the request carries a valid tenant context. */
    public boolean isPresent() {
        return identity.getAttribute(ATTRIBUTE) != null;
    }
}
