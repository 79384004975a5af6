package dev.parley.auth.apple;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Judged by another library than the one that signs, against what Apple's documentation asks for. */
class AppleClientSecretTest {
    private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");

    @TempDir
    private Path folder;

    @Test
    void anotherLibraryReadsWhatAppleAsksFor() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        Path file = folder.resolve("AuthKey_ABC123DEFG.p8");
        Files.writeString(
                file,
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(pair.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        AppleClientSecret secret =
                new AppleClientSecret("DEF123GHIJ", "ABC123DEFG", "com.example.parley", AppleClientSecret.read(file));

        SignedJWT token = SignedJWT.parse(secret.sign(NOW, NOW.plusSeconds(12_960_000)));

        assertThat(token.verify(new ECDSAVerifier((ECPublicKey) pair.getPublic())))
                .isTrue();
        assertThat(token.getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.ES256);
        assertThat(token.getHeader().getKeyID()).isEqualTo("ABC123DEFG");
        assertThat(token.getJWTClaimsSet().getIssuer()).isEqualTo("DEF123GHIJ");
        assertThat(token.getJWTClaimsSet().getSubject()).isEqualTo("com.example.parley");
        assertThat(token.getJWTClaimsSet().getAudience()).containsExactly("https://appleid.apple.com");
        assertThat(token.getJWTClaimsSet().getIssueTime()).isEqualTo(Date.from(NOW));
        assertThat(token.getJWTClaimsSet().getExpirationTime())
                .isEqualTo(Date.from(NOW.plusSeconds(12_960_000)))
                .isBefore(Date.from(NOW.plusSeconds(15_777_000)));
    }

    @Test
    void aFileThatIsNoKeyIsNamedBySetting() throws Exception {
        Path file = folder.resolve("empty.p8");
        Files.writeString(file, "-----BEGIN PRIVATE KEY-----\n%%%\n-----END PRIVATE KEY-----");

        assertThatThrownBy(() -> AppleClientSecret.read(file))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("PARLEY_APPLE_PRIVATE_KEY");
    }
}
