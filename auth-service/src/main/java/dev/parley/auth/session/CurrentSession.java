package dev.parley.auth.session;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Tells in which session a request was sent, by the tenant context that platform has verified before. */
@ApplicationScoped
class CurrentSession {
    private static final String SCHEME = "Bearer ";

    private final ObjectMapper json;

    CurrentSession(ObjectMapper json) {
        this.json = json;
    }

    /** Keycloak's id of the session, or null for a caller without one. */
    @Nullable
    String id(HttpHeaders headers) {
        String header = headers.getHeaderString(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.startsWith(SCHEME)) {
            return null;
        }
        String[] parts = header.substring(SCHEME.length()).split("\\.", -1);
        try {
            return parts.length == 3
                    ? json.readTree(Base64.getUrlDecoder().decode(parts[1]))
                            .path("sid")
                            .asText(null)
                    : null;
        } catch (IOException | IllegalArgumentException notOurs) {
            return null;
        }
    }
}
