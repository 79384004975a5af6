package dev.parley.auth.session;

import dev.parley.auth.device.KnownDeviceService;
import dev.parley.auth.identity.SecretText;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.NewCookie;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The cookies of browsers: out of reach of scripts, for this host alone, and Secure with https. */
@ApplicationScoped
public class SessionCookies {
    /** How long a browser keeps its session's cookie. */
    public static final Duration LIFETIME = Duration.ofDays(30);

    private final SessionConfig config;
    private final boolean secure;

    SessionCookies(SessionConfig config) {
        this.config = config;
        this.secure = "https".equals(config.publicUrl().getScheme());
    }

    /** The cookie that is the session. */
    public NewCookie session(SecretText value) {
        return cookie(sessionName(), value.value(), LIFETIME);
    }

    /** The cookie by which a browser is known after its first login. */
    public NewCookie device(SecretText value) {
        return cookie(deviceName(), value.value(), KnownDeviceService.LIFETIME);
    }

    /** The name of {@link #device(SecretText)}. */
    public String deviceName() {
        return name("parley_device");
    }

    NewCookie noSession() {
        return cookie(sessionName(), "", Duration.ZERO);
    }

    @Nullable
    SecretText sessionOf(HttpHeaders headers) {
        return secret(headers, sessionName());
    }

    NewCookie binding(SecretText value) {
        return cookie(bindingName(), value.value(), config.loginLifetime());
    }

    NewCookie noBinding() {
        return cookie(bindingName(), "", Duration.ZERO);
    }

    @Nullable
    SecretText bindingOf(HttpHeaders headers) {
        return secret(headers, bindingName());
    }

    private String sessionName() {
        return name("parley_session");
    }

    private String bindingName() {
        return name("parley_login");
    }

    private String name(String plain) {
        return secure ? "__Host-" + plain : plain;
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
