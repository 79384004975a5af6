package dev.parley.auth.signup;

import dev.parley.auth.device.Device;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** Sign-up of newcomers. */
@Path("/api/v1/auth/signup")
@RunOnVirtualThread
@Tag(name = "Identity")
public class SignupResource {
    private final SignupFlow signups;

    SignupResource(SignupFlow signups) {
        this.signups = signups;
    }

    /** Makes an account with its organisation and logs it in. */
    @POST
    @APIResponseSchema(value = SignupResponse.class, responseCode = "201", responseDescription = "Created")
    @PermitAll
    @Operation(summary = "Sign up")
    public RestResponse<SignupResponse> signUp(@Valid @NotNull SignupRequest request, @Context HttpHeaders headers) {
        SignupFlow.Arrival arrival = signups.signUp(request, Device.of(headers, ""));
        return RestResponse.ResponseBuilder.create(RestResponse.Status.CREATED, arrival.account())
                .header(Device.TOKEN_HEADER, arrival.deviceToken().value())
                .build();
    }
}
