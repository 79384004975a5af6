package dev.parley.platform.security;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jose4j.jwt.consumer.InvalidJwtException;

/** Reads the tenant context from {@code Authorization: Bearer} and makes it the identity of the request. */
@ApplicationScoped
public class TenantContextMechanism implements HttpAuthenticationMechanism {
    private static final String SCHEME = "Bearer ";

    private final TenantContextVerifier verifier;

    TenantContextMechanism(TenantContextVerifier verifier) {
        this.verifier = verifier;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager manager) {
        String header = context.request().getHeader(HttpHeaderNames.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Uni.createFrom().nullItem();
        }
        String token = header.substring(SCHEME.length()).trim();
        Optional<Caller> known = verifier.remembered(token);
        if (known.isPresent()) {
            return Uni.createFrom().item(identity(known.get()));
        }
        return Uni.createFrom()
                .item(() -> identity(verify(token)))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    private Caller verify(String token) {
        try {
            return verifier.verify(token);
        } catch (InvalidJwtException refused) {
            throw new AuthenticationFailedException();
        }
    }

    private static SecurityIdentity identity(Caller caller) {
        QuarkusSecurityIdentity.Builder builder = QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(caller.subject()))
                .addAttribute(CurrentCaller.ATTRIBUTE, caller)
                .addRoles(caller.roles());
        if (!caller.breakGlass()) {
            // A grant opens only what names the role break-glass: what a read key may see is more than that.
            caller.scopes().forEach(scope -> builder.addRole("scope:" + scope));
        }
        return builder.build();
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return Uni.createFrom().item(new ChallengeData(401, "WWW-Authenticate", "Bearer"));
    }
}
