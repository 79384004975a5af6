package dev.parley.auth.session;

import dev.parley.auth.device.Device;
import dev.parley.auth.identity.SecretText;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
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
    private final SessionFlow logins;
    private final SessionCookies cookies;
    private final SessionConfig config;

    SessionResource(SessionFlow logins, SessionCookies cookies, SessionConfig config) {
        this.logins = logins;
        this.cookies = cookies;
        this.config = config;
    }

    /** Sends the browser to the login page, which may be asked to do something else as well. */
    @GET
    @Path("/login")
    @PermitAll
    @Operation(summary = "Begin a browser login")
    public Response login(
            @Nullable @QueryParam("redirect_to") String redirectTo,
            @Nullable @QueryParam("action") String action,
            @Context HttpHeaders headers) {
        SessionFlow.Beginning beginning =
                logins.begin(RedirectTarget.of(redirectTo), LoginAction.of(action), device(headers));
        return Response.status(Response.Status.FOUND)
                .location(beginning.keycloakLogin())
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .cookie(cookies.binding(beginning.binding()))
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
        SessionFlow.Completion completion = logins.complete(answer, cookies.bindingOf(headers), device(headers));
        return Response.status(Response.Status.FOUND)
                .location(URI.create(config.publicUrl() + completion.redirectTo()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .cookie(
                        cookies.session(completion.cookie()),
                        cookies.device(completion.deviceToken()),
                        cookies.noBinding())
                .build();
    }

    /** Ends the session of the browser's cookie. */
    @POST
    @Path("/logout")
    @PermitAll
    @Operation(summary = "End a browser session")
    public Response logout(@Context HttpHeaders headers) {
        SecretText cookie = cookies.sessionOf(headers);
        if (cookie != null) {
            logins.logout(cookie);
        }
        return Response.noContent().cookie(cookies.noSession()).build();
    }

    /** Hears from Keycloak that a session ended there: a new password, an admin's doing, an account closed. */
    @POST
    @Path("/backchannel-logout")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @PermitAll
    @Operation(hidden = true)
    public Response backchannelLogout(@Nullable @FormParam("logout_token") String logoutToken) {
        logins.endedAtKeycloak(logoutToken == null ? "" : logoutToken);
        return Response.ok().header(HttpHeaders.CACHE_CONTROL, "no-store").build();
    }

    private Device device(HttpHeaders headers) {
        return Device.of(headers, cookies.deviceName());
    }
}
