package dev.parley.e2e.wall;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Stack;
import dev.parley.local.Part;
import dev.parley.platform.crypto.SealedColumn;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.tenancy.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.lang.JoseException;

/** Those who issue tokens here, with the keys they really sign with. */
final class Issuers {
    private Issuers() {}

    /** Keycloak's realm, starting from a person's access token. */
    static Issuer realm(Api person) {
        return new Issuer(
                "RS256",
                RealmKey.key(),
                RealmKey.publicKey(),
                Api.of(Stack.running().keycloakUrl())
                        .get("/realms/parley/protocol/openid-connect/certs")
                        .expect(200)
                        .body(),
                person.token());
    }

    /** auth-service, starting from a tenant context; its key is opened with the master keyset of the stack. */
    static Issuer authService(String context) {
        String keyId = RealmKey.header(context).path("kid").asText();
        EllipticCurveJsonWebKey pair = signingKey(UUID.fromString(keyId));
        return new Issuer(
                "ES256",
                pair.getPrivateKey(),
                pair.getPublicKey(),
                Inside.port(Part.AUTH_SERVICE).get("/internal/jwks").expect(200).body(),
                context);
    }

    private static EllipticCurveJsonWebKey signingKey(UUID id) {
        try {
            AeadConfig.register();
            String keyset = Files.readString(Stack.running().dataDirectory().resolve("master-keyset.json"));
            SecretVault vault =
                    new SecretVault(TinkJsonProtoKeysetFormat.parseKeyset(keyset, InsecureSecretKeyAccess.get()));
            Jdbi database = Jdbi.create(Stack.running().superuserUrl("parley_auth") + "&currentSchema=app");
            byte[] jwk = database.withHandle(handle -> vault.decrypt(
                    handle,
                    TenantId.PLATFORM,
                    SealedColumn.ofPlatform("signing_key", "private_key"),
                    id,
                    handle.createQuery("select private_key from signing_key where id = ?")
                            .bind(0, id)
                            .mapTo(byte[].class)
                            .one()));
            return (EllipticCurveJsonWebKey) JsonWebKey.Factory.newJwk(new String(jwk, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException | JoseException e) {
            throw new IllegalStateException("the key " + id + " of auth-service", e);
        }
    }
}
