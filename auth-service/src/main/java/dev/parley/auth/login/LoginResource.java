package dev.parley.auth.login;

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
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** Login for API clients. */
@Path("/api/v1/auth")
@RunOnVirtualThread
@Tag(name = "Identity")
public class LoginResource {
    private final LoginFlow logins;

    LoginResource(LoginFlow logins) {
        this.logins = logins;
    }

    /**
     * Logs in with e-mail and password. The answer's header X-Device-Token, sent along with the next login, lets the
     * person in while somebody else's guesses keep the account locked.
     */
    @POST
    @Path("/login")
    @PermitAll
    @Operation(summary = "Log in")
    public RestResponse<TokensResponse> login(@Valid @NotNull LoginRequest request, @Context HttpHeaders headers) {
        LoginFlow.Login login = logins.login(request, Device.of(headers, ""));
        return RestResponse.ResponseBuilder.ok(login.tokens())
                .header(Device.TOKEN_HEADER, login.deviceToken().value())
                .build();
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
