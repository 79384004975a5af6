package dev.parley.agent.httptool;

import dev.parley.platform.address.Address;
import dev.parley.platform.address.Addresses;
import dev.parley.platform.address.RefusedAddress;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** Sees that an address may be called, which asks name servers, before it is stored. */
@ApplicationScoped
class HttpToolFlow {
    private final Addresses addresses;
    private final HttpToolService tools;

    HttpToolFlow(Addresses addresses, HttpToolService tools) {
        this.addresses = addresses;
        this.tools = tools;
    }

    HttpToolView create(Caller caller, CreateToolRequest request) {
        check(caller.tenant(), request.url());
        return tools.create(caller, request);
    }

    HttpToolView change(Caller caller, UUID id, ChangeToolRequest request) {
        String before = tools.get(caller.tenant(), id).url();
        boolean elsewhere = false;
        if (request.url() != null && !request.url().equals(before)) {
            elsewhere = !check(caller.tenant(), request.url()).equals(origin(before));
        }
        return tools.change(caller, id, request, before, elsewhere);
    }

    /** Checks an address and returns the host that it is on. */
    private String check(TenantId tenant, String url) {
        try {
            return origin(addresses.check(tenant, url));
        } catch (RefusedAddress refused) {
            if (refused.undecided()) {
                throw new Problem(CommonProblem.RATE_LIMITED)
                        .detail("Several names of yours are being looked up already. Try again in a moment.");
            }
            throw new Problem(HttpToolProblem.TOOL_URL_REFUSED).detail("It was refused: " + refused.getMessage() + ".");
        }
    }

    /** The host of an address that was stored; none when it could not be stored any more. */
    private String origin(String url) {
        try {
            return origin(addresses.read(url));
        } catch (RefusedAddress noMore) {
            return "";
        }
    }

    private static String origin(Address address) {
        return (address.secure() ? "https://" : "http://") + address.authority();
    }
}
