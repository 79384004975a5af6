package dev.parley.channel.webhook;

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
class EndpointFlow {
    private final Addresses addresses;
    private final EndpointService endpoints;

    EndpointFlow(Addresses addresses, EndpointService endpoints) {
        this.addresses = addresses;
        this.endpoints = endpoints;
    }

    EndpointResponse create(Caller caller, CreateEndpointRequest request) {
        check(caller.tenant(), request.url());
        return endpoints.create(caller, request);
    }

    EndpointResponse change(Caller caller, UUID id, ChangeEndpointRequest request) {
        TenantId tenant = caller.tenant();
        if (request.url() != null
                && !request.url().equals(endpoints.get(caller, id).url())) {
            check(tenant, request.url());
        }
        return endpoints.change(caller, id, request);
    }

    private void check(TenantId tenant, String url) {
        try {
            addresses.check(tenant, url);
        } catch (RefusedAddress refused) {
            if (refused.undecided()) {
                throw new Problem(CommonProblem.RATE_LIMITED)
                        .detail("Several names of yours are being looked up already. Try again in a moment.");
            }
            throw new Problem(WebhookProblem.WEBHOOK_URL_REFUSED)
                    .detail("It was refused: " + refused.getMessage() + ".");
        }
    }
}
