package dev.parley.auth.signup;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;

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
    @ResponseStatus(201)
    @PermitAll
    @Operation(summary = "Sign up")
    public SignupResponse signUp(@Valid @NotNull SignupRequest request) {
        return signups.signUp(request);
    }
}
