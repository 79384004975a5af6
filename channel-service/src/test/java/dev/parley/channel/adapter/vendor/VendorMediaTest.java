package dev.parley.channel.adapter.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.channel.adapter.MediaUnavailable;
import java.io.ByteArrayInputStream;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VendorMediaTest {
    private static final Set<String> PLACES = Set.of("lookaside.fbsbx.com", "s3.example.com/media.example");

    private final AtomicInteger closed = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api.example.com/v24.0/files/1",
                "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1",
                "https://s3.example.com/media.example/AC1/ME2?X-Amz-Signature=3"
            })
    void theVendorsOwnPlacesAreTrusted(String url) {
        assertThat(VendorMedia.isServedBy(url, "https://api.example.com", PLACES))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://lookaside.fbsbx.com/x",
                "ftp://lookaside.fbsbx.com/x",
                "https://lookaside.fbsbx.com:8443/x",
                "https://user@lookaside.fbsbx.com/x",
                "https://lookaside.fbsbx.com@evil.example/x",
                "https://lookaside.fbsbx.com.evil.example/x",
                "https://evil.example/lookaside.fbsbx.com",
                "https://evil.example/?https://lookaside.fbsbx.com/",
                "https://evil.example\\@lookaside.fbsbx.com/",
                "https://api.example.com.evil.example/x",
                "https://api.example.com@evil.example/x",
                "https://api.example.com",
                "https://s3.example.com/",
                "https://s3.example.com/another.bucket/x",
                "https://s3.example.com/media.example.evil/x",
                "https://s3.example.com/media.example/../evil/x",
                "https://s3.example.com/media.example/%2e%2e/evil/x",
                "https:///x",
                "lookaside.fbsbx.com",
                "",
                " "
            })
    void anythingElseIsNot(String url) {
        assertThat(VendorMedia.isServedBy(url, "https://api.example.com", PLACES))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"404, true", "403, true", "410, true", "429, false", "500, false", "503, false"})
    void whatIsGoneIsNotAskedForAgain(int status, boolean lasting) {
        assertUnavailable(download(status, Map.of()), lasting);
        assertThatThrownBy(() -> VendorMedia.said(new VendorHttp.Response(status, Map.of(), new byte[0])))
                .isInstanceOfSatisfying(MediaUnavailable.class, unavailable -> assertThat(unavailable.lasting())
                        .isEqualTo(lasting));
    }

    @Test
    void whoDidNotAnswerIsAskedAgain() {
        assertUnavailable(new VendorHttp.Unanswered("no answer"), false);
        assertUnavailable(new VendorHttp.NotSent("no connection"), false);
    }

    @Test
    void aFileIsNeverElsewhereAndWhatIsNotReadIsEnded() {
        assertUnavailable(download(302, Map.of("location", "http://10.0.0.1")), true);

        assertThat(closed.get()).isEqualTo(1);
    }

    private VendorHttp.Download download(int status, Map<String, String> headers) {
        return new VendorHttp.Download(status, headers, new ByteArrayInputStream(new byte[0]) {
            @Override
            public void close() {
                closed.incrementAndGet();
            }
        });
    }

    private static void assertUnavailable(VendorHttp.Opening opening, boolean lasting) {
        assertThatThrownBy(() -> VendorMedia.found(opening))
                .isInstanceOfSatisfying(MediaUnavailable.class, unavailable -> assertThat(unavailable.lasting())
                        .isEqualTo(lasting));
    }
}
