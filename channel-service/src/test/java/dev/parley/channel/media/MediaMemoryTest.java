package dev.parley.channel.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.configuration.MemorySize;
import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MediaMemoryTest {
    private static final TenantId A = new TenantId(UUID.randomUUID());
    private static final TenantId B = new TenantId(UUID.randomUUID());
    private static final long MEBIBYTE = 1 << 20;

    private final MediaMemory memory = new MediaMemory(of(48 * MEBIBYTE));

    @Test
    void thereIsNoMoreThanThereIsAndWhatIsGivenBackIsThereAgain() {
        var first = memory.take(A, 20 * MEBIBYTE, Duration.ZERO).orElseThrow();
        assertThat(memory.take(B, 30 * MEBIBYTE, Duration.ZERO)).isEmpty();

        first.close();
        first.close();

        assertThat(memory.take(B, 40 * MEBIBYTE, Duration.ZERO)).isPresent();
        assertThat(memory.take(A, 20 * MEBIBYTE, Duration.ZERO)).isEmpty();
    }

    @Test
    void oneTenantHasHalfOfItAtMostUnlessItIsOneThing() {
        var large = memory.take(A, 47 * MEBIBYTE, Duration.ZERO).orElseThrow();
        large.close();

        assertThat(memory.take(A, 20 * MEBIBYTE, Duration.ZERO)).isPresent();
        assertThat(memory.take(A, 5 * MEBIBYTE, Duration.ZERO)).isEmpty();
        assertThat(memory.take(B, 20 * MEBIBYTE, Duration.ZERO)).isPresent();
    }

    @Test
    void whatIsLargerThanAllOfItGetsAllOfIt() {
        var all = memory.take(A, 400 * MEBIBYTE, Duration.ZERO).orElseThrow();

        assertThat(memory.busy()).isTrue();
        all.close();
        assertThat(memory.busy()).isFalse();
    }

    @Test
    void whoIsRefusedHasNothing() {
        var half = memory.take(B, 40 * MEBIBYTE, Duration.ZERO).orElseThrow();
        assertThat(memory.take(A, 20 * MEBIBYTE, Duration.ofMillis(5))).isEmpty();
        half.close();

        assertThat(memory.take(A, 40 * MEBIBYTE, Duration.ZERO)).isPresent();
    }

    private static MediaConfig of(long bytes) {
        return (MediaConfig) Proxy.newProxyInstance(
                MediaConfig.class.getClassLoader(), new Class<?>[] {MediaConfig.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("memory");
                    return new MemorySize(BigInteger.valueOf(bytes));
                });
    }
}
