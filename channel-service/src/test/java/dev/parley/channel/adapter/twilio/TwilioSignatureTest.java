package dev.parley.channel.adapter.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import com.twilio.security.RequestValidator;
import dev.parley.channel.adapter.InboundCall;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TwilioSignatureTest {
    private static final int CASES = 10_000;
    private static final String KNOWN_URL = "https://mycompany.com/myapp.php?foo=1&bar=2";
    private static final Map<String, String> KNOWN_FORM = Map.of(
            "CallSid", "CA1234567890ABCDE",
            "Caller", "+12349013030",
            "Digits", "1234",
            "From", "+12349013030",
            "To", "+18005551212");
    private static final String KNOWN_SIGNATURE = "0/KCTR6DLpKmkAf8muzZqo1nDgQ=";

    @Test
    void theKnownAnswersAreAccepted() {
        assertThat(form(KNOWN_URL, KNOWN_FORM, KNOWN_SIGNATURE, "12345")).isTrue();
        assertThat(form(KNOWN_URL, KNOWN_FORM, KNOWN_SIGNATURE, "12346")).isFalse();
        assertThat(form(KNOWN_URL + "/", KNOWN_FORM, KNOWN_SIGNATURE, "12345")).isFalse();
        assertThat(form(KNOWN_URL.replace("https", "http"), KNOWN_FORM, KNOWN_SIGNATURE, "12345"))
                .isFalse();
        String url =
                "https://mycompany.com/x?bodySHA256=d5729c000e5de6b3a10698fec78d482db85d744f1be820d1382b6bda1cfb7795";
        String body = "{\"property\":\"value\",\"boolean\":true}";
        assertThat(json(url, body, "V9h4KxeEbDm0tcO+82ztruaEdV4=")).isTrue();
        assertThat(json(url, body + " ", "V9h4KxeEbDm0tcO+82ztruaEdV4=")).isFalse();
        assertThat(json(url.replace("d57", "d58"), body, "V9h4KxeEbDm0tcO+82ztruaEdV4="))
                .isFalse();
    }

    @Test
    void thePortMayBeThereOrNot() {
        for (String url :
                List.of("https://a.example/x?y=1", "https://a.example:443/x?y=1", "http://a.example:8080/x?y=1")) {
            String bare = url.replaceFirst(":\\d+/", "/");
            assertThat(form(url, Map.of(), TwilioSignature.of(url, Map.of(), "t"), "t"))
                    .isTrue();
            assertThat(form(url, Map.of(), TwilioSignature.of(bare, Map.of(), "t"), "t"))
                    .isTrue();
        }
        assertThat(form(
                        "https://a.example/x",
                        Map.of(),
                        TwilioSignature.of("https://a.example:443/x", Map.of(), "t"),
                        "t"))
                .isTrue();
        assertThat(form(
                        "https://a.example/x",
                        Map.of(),
                        TwilioSignature.of("https://a.example:8443/x", Map.of(), "t"),
                        "t"))
                .isFalse();
    }

    @Test
    void tenThousandCasesAgreeWithTwiliosLibrary() {
        Random random = new Random(7);
        int differences = 0;
        int valid = 0;
        for (int i = 0; i < CASES; i++) {
            String token = text(random, 32, 0x21, 0x7e);
            String url =
                    (random.nextBoolean() ? "https://" : "http://") + "h" + random.nextInt(99) + ".example/webhooks/"
                            + random.nextInt() + (random.nextBoolean() ? "?a=" + random.nextInt(9) + "&b=%20" : "");
            Map<String, String> form = new LinkedHashMap<>();
            for (int members = random.nextInt(12); members > 0; members--) {
                form.put(text(random, 9, 'A', 'z'), text(random, 40, 0x20, 0x2fff));
            }
            String signature = TwilioSignature.of(url, lists(form), token);
            switch (i % 8) {
                case 1 -> token = token + "x";
                case 3 -> url = url + "x";
                case 5 -> form.put("Extra", "1");
                case 7 -> signature = signature.substring(1) + "A";
                default -> {
                    // as it was signed
                }
            }
            boolean theirs = new RequestValidator(token).validate(url, form, signature);
            boolean ours = form(url, form, signature, token);
            differences += ours == theirs ? 0 : 1;
            valid += theirs ? 1 : 0;
        }
        assertThat(differences).isZero();
        assertThat(valid).isBetween(CASES / 2, CASES / 2 + CASES / 100);
    }

    @Test
    void tenThousandJsonBodiesAgreeWithTwiliosLibrary() throws Exception {
        Random random = new Random(8);
        int differences = 0;
        int valid = 0;
        for (int i = 0; i < CASES; i++) {
            String token = text(random, 32, 0x21, 0x7e);
            String body = text(random, 300, 0x20, 0x2fff);
            String hash = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8)));
            String url = "https://h.example/x?z=1&bodySHA256=" + hash;
            String signature = TwilioSignature.of(url, Map.of(), token);
            if (i % 2 == 1) {
                body = body + "x";
            }
            boolean theirs = new RequestValidator(token).validate(url, body, signature);
            valid += theirs ? 1 : 0;
            differences +=
                    call(url, Map.of("bodySHA256", List.of(hash)), "application/json", body, signature, token) == theirs
                            ? 0
                            : 1;
        }
        assertThat(differences).isZero();
        assertThat(valid).isEqualTo(CASES / 2);
    }

    @Test
    void aFormWithMoreMembersThanTwilioWritesIsRefusedBeforeItIsSorted() {
        String url = "https://x.example/";
        Map<String, String> most = new LinkedHashMap<>();
        for (int i = 0; i < 500; i++) {
            most.put("n" + i, "v");
        }
        assertThat(form(url, most, TwilioSignature.of(url, lists(most), "t"), "t"))
                .isTrue();
        most.put("one", "more");
        assertThat(form(url, most, TwilioSignature.of(url, lists(most), "t"), "t"))
                .isFalse();
    }

    @Test
    void namesAreSortedByCaseAndRepeatedValuesCountOnce() {
        Map<String, List<String>> form = new TreeMap<>(Map.of("a", List.of("1"), "B", List.of("z", "y", "z")));

        assertThat(TwilioSignature.of("https://x.example/", form, "t"))
                .isEqualTo(TwilioSignature.of("https://x.example/ByBza1", Map.of(), "t"));
        assertThat(call(
                        "https://x.example/",
                        Map.of(),
                        "application/x-www-form-urlencoded",
                        "a=1&B=z&B=y&B=z",
                        TwilioSignature.of("https://x.example/", form, "t"),
                        "t"))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/plain", "multipart/form-data; boundary=x", ""})
    void aBodyThatTheSignatureDoesNotCoverIsRefused(String type) {
        String url = "https://x.example/";

        assertThat(call(url, Map.of(), type, "{\"a\":1}", TwilioSignature.of(url, Map.of(), "t"), "t"))
                .isFalse();
    }

    @Test
    void withoutASignatureOrATokenNothingIsAccepted() {
        assertThat(form("https://x.example/", Map.of(), null, "t")).isFalse();
        assertThat(form("https://x.example/", Map.of(), "", "t")).isFalse();
        assertThat(form("https://x.example/", Map.of(), "AAAA", "")).isFalse();
        assertThat(call(
                        "https://x.example/",
                        Map.of(),
                        "application/x-www-form-urlencoded",
                        "a=%zz",
                        TwilioSignature.of("https://x.example/", Map.of(), "t"),
                        "t"))
                .isFalse();
    }

    private static Map<String, List<String>> lists(Map<String, String> form) {
        return form.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, member -> List.of(member.getValue())));
    }

    private static boolean form(String url, Map<String, String> form, String signature, String token) {
        return call(
                url,
                Map.of(),
                "application/x-www-form-urlencoded; charset=UTF-8",
                new String(TwilioForm.written(form), StandardCharsets.UTF_8),
                signature,
                token);
    }

    private static boolean json(String url, String body, String signature) {
        String hash = url.substring(url.indexOf("bodySHA256=") + 11);
        return call(url, Map.of("bodySHA256", List.of(hash)), "application/json", body, signature, "12345");
    }

    private static boolean call(
            String url, Map<String, List<String>> query, String type, String body, String signature, String token) {
        Map<String, String> headers = new LinkedHashMap<>(Map.of("content-type", type));
        if (signature != null) {
            headers.put("x-twilio-signature", signature);
        }
        return TwilioSignature.valid(
                new InboundCall("POST", "sms", url, query, headers, body.getBytes(StandardCharsets.UTF_8)), token);
    }

    private static String text(Random random, int longest, int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int length = 1 + random.nextInt(longest); length > 0; length--) {
            text.append((char) (from + random.nextInt(to - from + 1)));
        }
        return text.toString();
    }
}
