package dev.parley.channel.adapter.fcm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.Signature;
import java.security.spec.KeySpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPrivateKeySpec;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceAccountTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final KeyPair PAIR = KeyFiles.pair(2048);

    @Test
    void aKeyFileIsReadAndOnlyWhatIsNeededIsKept() throws Exception {
        ServiceAccount account =
                ServiceAccount.read(KeyFiles.file("shop-1234", PAIR).toString(), JSON);

        assertThat(account.projectId()).isEqualTo("shop-1234");
        JsonNode kept = JSON.readTree(account.kept(JSON));
        assertThat(kept.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("type", "project_id", "client_email", "private_key_id", "private_key");
        assertThat(ServiceAccount.read(account.kept(JSON), JSON)).isEqualTo(account);
        assertThat(account).hasToString("ServiceAccount[shop-1234]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type|authorized_user|type service_account",
                "project_id|Shop|no project_id",
                "project_id|../../v1/projects/x|no project_id",
                "project_id|shop-1234/messages:send?x=|no project_id",
                "client_email|nobody|no client_email",
                "private_key_id|a b|no private_key_id",
                "private_key|-----BEGIN PRIVATE KEY-----AAAA-----END PRIVATE KEY-----|no private_key",
                "private_key|secret words|no private_key"
            })
    void whatIsWrongIsNamedWithoutTheKey(String member, String value, String told) {
        ObjectNode file = KeyFiles.file("shop-1234", PAIR).put(member, value);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServiceAccount.read(file.toString(), JSON))
                .withMessageContaining(told)
                .withMessageNotContaining("secret words");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "\"text\"", "null", "not json"})
    void whatIsNoFileIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> ServiceAccount.read(text, JSON));
    }

    @Test
    void aShortKeyIsRefused() {
        String file = KeyFiles.file("shop-1234", KeyFiles.pair(1024)).toString();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServiceAccount.read(file, JSON))
                .withMessageContaining("2048");
    }

    @Test
    void aKeyThatSignsTooSlowlyIsRefused() throws Exception {
        // No primes, which would take long to find; nothing looks whether they are.
        RSAPrivateCrtKeySpec longest = parts(2048, 2048);
        String longer = file(parts(2049, 2048));
        String without = file(new RSAPrivateKeySpec(longest.getModulus(), longest.getPrivateExponent()));
        String longPart = file(new RSAPrivateCrtKeySpec(
                longest.getModulus(),
                BigInteger.valueOf(65_537),
                BigInteger.TEN,
                longest.getPrimeP(),
                longest.getPrimeQ(),
                BigInteger.ONE.shiftLeft(8_000),
                BigInteger.TEN,
                BigInteger.TEN));

        assertThat(ServiceAccount.read(file(longest), JSON).projectId()).isEqualTo("shop-1234");
        for (String refused : List.of(longer, without, longPart)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ServiceAccount.read(refused, JSON))
                    .withMessageContaining("4096");
        }
    }

    private static RSAPrivateCrtKeySpec parts(int bitsOfP, int bitsOfQ) {
        BigInteger p = BigInteger.TWO.pow(bitsOfP).subtract(BigInteger.ONE);
        BigInteger q = BigInteger.TWO.pow(bitsOfQ).subtract(BigInteger.ONE);
        return new RSAPrivateCrtKeySpec(
                p.multiply(q),
                BigInteger.valueOf(65_537),
                BigInteger.TEN,
                p,
                q,
                BigInteger.TEN,
                BigInteger.TEN,
                BigInteger.TEN);
    }

    private static String file(KeySpec key) throws Exception {
        return KeyFiles.file(
                        "shop-1234",
                        new KeyPair(null, KeyFactory.getInstance("RSA").generatePrivate(key)))
                .toString();
    }

    @Test
    void theAssertionIsWhatGoogleAsksFor() throws Exception {
        ServiceAccount account =
                ServiceAccount.read(KeyFiles.file("shop-1234", PAIR).toString(), JSON);

        String[] parts = account.assertion("https://tokens.example", "scope", 1_000, 3_600)
                .split("\\.");

        assertThat(part(parts[0]).toString())
                .isEqualTo("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"0123456789abcdef\"}");
        assertThat(part(parts[1]).toString())
                .isEqualTo("{\"iss\":\"firebase-adminsdk@shop-1234.iam.gserviceaccount.com\",\"scope\":\"scope\","
                        + "\"aud\":\"https://tokens.example\",\"iat\":1000,\"exp\":4600}");
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(PAIR.getPublic());
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
    }

    private static JsonNode part(String encoded) throws Exception {
        return JSON.readTree(Base64.getUrlDecoder().decode(encoded));
    }
}
