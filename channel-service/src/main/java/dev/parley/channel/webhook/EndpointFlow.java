package dev.parley.channel.webhook;

import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
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
        check(request.url());
        return endpoints.create(caller, request);
    }

    EndpointResponse change(Caller caller, UUID id, ChangeEndpointRequest request) {
        if (request.url() != null) {
            check(request.url());
        }
        return endpoints.change(caller, id, request);
    }

    private void check(String url) {
        try {
            addresses.check(url);
        } catch (RefusedAddress refused) {
            throw new Problem(WebhookProblem.WEBHOOK_URL_REFUSED)
                    .detail("It was refused: " + refused.getMessage() + ".");
        }
    }
}
