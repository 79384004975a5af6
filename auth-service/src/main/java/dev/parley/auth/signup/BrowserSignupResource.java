package dev.parley.auth.signup;

import dev.parley.auth.device.Device;
import dev.parley.auth.identity.SecretText;
import dev.parley.auth.session.SessionCookies;
import dev.parley.auth.session.SessionFlow;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Sign-up of newcomers in a browser, where tokens never reach JavaScript. */
@Path("/auth/signup")
@RunOnVirtualThread
@Tag(name = "Browser login")
public class BrowserSignupResource {
    private final SignupFlow signups;
    private final SessionFlow logins;
    private final SessionCookies cookies;

    BrowserSignupResource(SignupFlow signups, SessionFlow logins, SessionCookies cookies) {
        this.signups = signups;
        this.logins = logins;
        this.cookies = cookies;
    }

    /** Signs up like the API does, and leaves the browser logged in by a cookie instead of tokens. */
    @POST
    @PermitAll
    @Operation(summary = "Sign up in a browser")
    public Response signUp(@Valid @NotNull SignupRequest request, @Context HttpHeaders headers) {
        SignupFlow.Arrival arrival = signups.signUp(request, Device.of(headers, cookies.deviceName()));
        SignupResponse account = arrival.account();
        SecretText session = logins.open(account.accessToken(), account.refreshToken(), SessionCookies.LIFETIME);
        return Response.status(Response.Status.CREATED)
                .entity(Map.of("user_id", account.userId(), "tenant_id", account.tenantId()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .cookie(cookies.session(session), cookies.device(arrival.deviceToken()))
                .build();
    }
}
