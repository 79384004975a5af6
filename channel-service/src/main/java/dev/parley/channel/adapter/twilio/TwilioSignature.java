package dev.parley.channel.adapter.twilio;

import dev.parley.channel.adapter.InboundCall;
import dev.parley.channel.adapter.vendor.Secrets;
import dev.parley.platform.crypto.Sha256;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Twilio's signature of a webhook call: of the address and, for a form, its sorted members; for any other body its
 * hash stands in the address. What is not covered by the signature is refused, so nothing unsigned is ever read. Both
 * forms of the address count, with the port and without: Twilio is not of one mind.
 *
 * <p>Twilio's library takes one value per name only, and costs 8 MB; it judges this class in its test.
 */
final class TwilioSignature {
    private static final String HEADER = "x-twilio-signature";
    private static final String BODY_HASH = "bodySHA256";
    /** More than Twilio ever writes; who has not proved anything shall not make us sort more. */
    private static final int MOST_MEMBERS = 500;

    private TwilioSignature() {}

    static boolean valid(InboundCall call, String authToken) {
        String given = call.header(HEADER);
        if (given == null || authToken.isEmpty()) {
            return false;
        }
        Map<String, List<String>> form;
        if (call.parameter(BODY_HASH) != null) {
            if (!Secrets.same(call.parameter(BODY_HASH), Sha256.hex(call.body()))) {
                return false;
            }
            form = Map.of();
        } else if (call.body().length == 0) {
            form = Map.of();
        } else if (TwilioForm.is(call)) {
            try {
                form = TwilioForm.read(call.body(), MOST_MEMBERS);
            } catch (IllegalArgumentException malformed) {
                return false;
            }
        } else {
            return false;
        }
        String tail = tail(form);
        boolean valid = false;
        for (String url : addresses(call.url()).toList()) {
            valid |= Secrets.same(given, of(url + tail, authToken));
        }
        return valid;
    }

    /** The signature of a call to that address with that form; empty for none. */
    static String of(String url, Map<String, List<String>> form, String authToken) {
        return of(url + tail(form), authToken);
    }

    private static String of(String signed, String authToken) {
        return Base64.getEncoder()
                .encodeToString(Secrets.hmac("HmacSHA1", authToken, signed.getBytes(StandardCharsets.UTF_8)));
    }

    /** What of the form is signed, behind the address. */
    private static String tail(Map<String, List<String>> form) {
        StringBuilder tail = new StringBuilder();
        new TreeMap<>(form).forEach((name, values) -> new TreeSet<>(values)
                .forEach(value -> tail.append(name).append(value)));
        return tail.toString();
    }

    /** The address as it is, without a port, and with the port that stands for none. */
    private static Stream<String> addresses(String url) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException unusual) {
            return Stream.of(url);
        }
        if (uri.getHost() == null) {
            return Stream.of(url);
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
        String start = uri.getScheme() + "://" + uri.getHost();
        String rest = url.substring(start.length() + (uri.getPort() >= 0 ? 1 + digits(uri.getPort()) : 0));
        return Stream.of(url, start + rest, start + ":" + port + rest).distinct();
    }

    private static int digits(int port) {
        return Integer.toString(port).length();
    }
}
