package dev.parley.channel.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VendorMediaTest {
    private static final Set<String> PLACES = Set.of("lookaside.fbsbx.com", "s3.example.com/media.example");

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
        assertUnavailable(new VendorHttp.Response(status, Map.of(), new byte[0]), lasting);
    }

    @Test
    void whatIsTooLargeWillBeTooLargeAgain() {
        assertUnavailable(new VendorHttp.Unanswered("the answer has more than 9 bytes", true), true);
        assertUnavailable(new VendorHttp.Unanswered("no answer"), false);
        assertUnavailable(new VendorHttp.NotSent("no connection"), false);
    }

    @Test
    void aFileIsNeverElsewhere() {
        assertUnavailable(new VendorHttp.Response(302, Map.of("location", "http://10.0.0.1"), new byte[0]), true);
    }

    private static void assertUnavailable(VendorHttp.Result result, boolean lasting) {
        assertThatThrownBy(() -> VendorMedia.found(result))
                .isInstanceOfSatisfying(MediaUnavailable.class, unavailable -> assertThat(unavailable.lasting())
                        .isEqualTo(lasting));
    }
}
