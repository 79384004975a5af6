package dev.parley.auth.session;

import dev.parley.auth.identity.SecretText;
import dev.parley.auth.signup.SignupFlow;
import dev.parley.auth.signup.SignupRequest;
import dev.parley.auth.signup.SignupResponse;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Login of browsers; tokens never reach JavaScript, only a httpOnly cookie does. */
@Path("/auth")
@RunOnVirtualThread
@Tag(name = "Browser login")
public class SessionResource {
    private static final Duration COOKIE_LIFETIME = Duration.ofDays(30);

    private final SessionFlow logins;
    private final SignupFlow signups;
    private final SessionConfig config;
    private final boolean secure;

    SessionResource(SessionFlow logins, SignupFlow signups, SessionConfig config) {
        this.logins = logins;
        this.signups = signups;
        this.config = config;
        this.secure = "https".equals(config.publicUrl().getScheme());
    }

    /** Sends the browser to the login page. */
    @GET
    @Path("/login")
    @PermitAll
    @Operation(summary = "Begin a browser login")
    public Response login(@Nullable @QueryParam("redirect_to") String redirectTo) {
        SessionFlow.Beginning beginning = logins.begin(RedirectTarget.of(redirectTo));
        return Response.status(Response.Status.FOUND)
                .location(beginning.keycloakLogin())
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .cookie(cookie(bindingCookie(), beginning.binding().value(), config.loginLifetime()))
                .build();
    }

    /** Takes the login page's answer, opens the session and sends the browser where it wanted to go. */
    @GET
    @Path("/callback")
    @PermitAll
    @Operation(summary = "End a browser login")
    public Response callback(@Context UriInfo uri, @Context HttpHeaders headers) {
        Map<String, List<String>> answer = uri.getQueryParameters().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        SessionFlow.Completion completion = logins.complete(answer, secret(headers, bindingCookie()));
        return Response.status(Response.Status.FOUND)
                .location(URI.create(config.publicUrl() + completion.redirectTo()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .cookie(
                        cookie(sessionCookie(), completion.cookie().value(), COOKIE_LIFETIME),
                        cookie(bindingCookie(), "", Duration.ZERO))
                .build();
    }

    /** Signs up like the API does, and leaves the browser logged in by a cookie instead of tokens. */
    @POST
    @Path("/signup")
    @PermitAll
    @Operation(summary = "Sign up in a browser")
    public Response signUp(@Valid @NotNull SignupRequest request) {
        SignupResponse account = signups.signUp(request);
        SecretText cookie = logins.open(account.accessToken(), account.refreshToken(), COOKIE_LIFETIME);
        return Response.status(Response.Status.CREATED)
                .entity(Map.of("user_id", account.userId(), "tenant_id", account.tenantId()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .cookie(cookie(sessionCookie(), cookie.value(), COOKIE_LIFETIME))
                .build();
    }

    /** Ends the session of the browser's cookie. */
    @POST
    @Path("/logout")
    @PermitAll
    @Operation(summary = "End a browser session")
    public Response logout(@Context HttpHeaders headers) {
        SecretText cookie = secret(headers, sessionCookie());
        if (cookie != null) {
            logins.logout(cookie);
        }
        return Response.noContent()
                .cookie(cookie(sessionCookie(), "", Duration.ZERO))
                .build();
    }

    private String sessionCookie() {
        return secure ? "__Host-parley_session" : "parley_session";
    }

    private String bindingCookie() {
        return secure ? "__Host-parley_login" : "parley_login";
    }

    private static @Nullable SecretText secret(HttpHeaders headers, String name) {
        Cookie cookie = headers.getCookies().get(name);
        return cookie == null || cookie.getValue().isEmpty() ? null : new SecretText(cookie.getValue());
    }

    private NewCookie cookie(String name, String value, Duration lifetime) {
        return new NewCookie.Builder(name)
                .value(value)
                .path("/")
                .httpOnly(true)
                .secure(secure)
                .sameSite(NewCookie.SameSite.LAX)
                .maxAge(Math.toIntExact(lifetime.toSeconds()))
                .build();
    }
}
