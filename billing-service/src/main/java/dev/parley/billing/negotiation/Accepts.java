package dev.parley.billing.negotiation;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** Reads the Accept header of an endpoint that answers JSON unless something else is wanted. */
public final class Accepts {
    private Accepts() {}

    /** Whether the client names that type, and likes nothing else better. */
    public static boolean first(HttpHeaders headers, String type) {
        List<MediaType> wanted = headers.getAcceptableMediaTypes();
        MediaType asked = MediaType.valueOf(type);
        return !wanted.isEmpty()
                && !wanted.getFirst().isWildcardType()
                && !wanted.getFirst().isWildcardSubtype()
                && wanted.getFirst().isCompatible(asked);
    }
}
