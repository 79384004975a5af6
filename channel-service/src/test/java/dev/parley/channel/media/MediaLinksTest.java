package dev.parley.channel.media;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import dev.parley.channel.account.AccountConfig;
import dev.parley.channel.media.MediaLinks.Linked;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.tenancy.TenantId;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MediaLinksTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final TenantId TENANT = new TenantId(UUID.randomUUID());
    private static final UUID ID = UUID.randomUUID();
    private static final String BEFORE = "https://parley.example/files/";

    private SecretVault vault;

    @BeforeEach
    void makeKeys() throws Exception {
        AeadConfig.register();
        vault = new SecretVault(KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM));
    }

    @Test
    void anAddressNamesWhatItWasMadeForUntilItsTimeIsOver() {
        String token = token(at(NOW));

        assertThat(at(NOW.plus(Duration.ofDays(7))).read(token)).contains(new Linked(TENANT, ID));
        assertThat(at(NOW.plus(Duration.ofDays(7)).plusSeconds(1)).read(token)).isEmpty();
    }

    @Test
    void nobodyElseMakesOne() {
        String token = token(at(NOW));
        for (int i = 0; i < token.length(); i++) {
            char other = token.charAt(i) == 'A' ? 'B' : 'A';
            String changed = token.substring(0, i) + other + token.substring(i + 1);
            assertThat(at(NOW).read(changed).filter(read -> !read.equals(new Linked(TENANT, ID))))
                    .as(changed)
                    .isEmpty();
        }
        assertThat(at(NOW).read("")).isEmpty();
        assertThat(at(NOW).read("!?")).isEmpty();
        assertThat(at(NOW).read(token.substring(0, 40))).isEmpty();
        assertThat(at(NOW).read(token.substring(0, token.length() - 4))).isEmpty();
        assertThat(at(NOW).read(token)).isPresent();
    }

    private String token(MediaLinks links) {
        String address = links.to(TENANT, ID);
        assertThat(address).startsWith(BEFORE);
        return address.substring(BEFORE.length());
    }

    private MediaLinks at(Instant now) {
        return new MediaLinks(
                vault,
                answering(AccountConfig.class, "https://parley.example"),
                answering(MediaConfig.class, Duration.ofDays(7)),
                Clock.fixed(now, ZoneOffset.UTC));
    }

    private static <T> T answering(Class<T> config, Object value) {
        return config.cast(Proxy.newProxyInstance(
                config.getClassLoader(), new Class<?>[] {config}, (proxy, method, arguments) -> value));
    }
}
