package dev.parley.auth.login;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Login for API clients. */
@Path("/api/v1/auth")
@RunOnVirtualThread
@Tag(name = "Identity")
public class LoginResource {
    private final LoginFlow logins;

    LoginResource(LoginFlow logins) {
        this.logins = logins;
    }

    /** Logs in with e-mail and password. */
    @POST
    @Path("/login")
    @PermitAll
    @Operation(summary = "Log in")
    public TokensResponse login(@Valid @NotNull LoginRequest request) {
        return logins.login(request);
    }

    /** Exchanges a refresh token. */
    @POST
    @Path("/refresh")
    @PermitAll
    @Operation(summary = "Get new tokens")
    public TokensResponse refresh(@Valid @NotNull RefreshRequest request) {
        return logins.refresh(request);
    }

    /** Ends the session. */
    @POST
    @Path("/logout")
    @PermitAll
    @Operation(summary = "Log out")
    public void logout(@Valid @NotNull RefreshRequest request) {
        logins.logout(request);
    }
}
