package dev.parley.channel.adapter.twilio;

import dev.parley.channel.adapter.InboundCall;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Forms as browsers write them: Twilio sends and takes them. */
final class TwilioForm {
    private static final String TYPE = "application/x-www-form-urlencoded";

    private TwilioForm() {}

    static boolean is(InboundCall call) {
        String type = call.header("content-type");
        return type != null
                && type.toLowerCase(Locale.ROOT).split(";", 2)[0].strip().equals(TYPE);
    }

    /** As {@link #read(byte[], int)}, however many members there are. */
    static Map<String, List<String>> read(byte[] body) {
        return read(body, Integer.MAX_VALUE);
    }

    /**
     * The members in their order, with all their values.
     *
     * @throws IllegalArgumentException when an escape is not one, or there are more members than that
     */
    static Map<String, List<String>> read(byte[] body, int most) {
        String text = new String(body, StandardCharsets.UTF_8);
        if (text.chars().filter(c -> c == '&').count() >= most) {
            throw new IllegalArgumentException("more than " + most + " members");
        }
        Map<String, List<String>> form = new LinkedHashMap<>();
        for (String pair : text.split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            form.computeIfAbsent(decoded(name), ignored -> new ArrayList<>()).add(decoded(value));
        }
        return form;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static byte[] written(Map<String, String> members) {
        return members.entrySet().stream()
                .map(member -> encoded(member.getKey()) + "=" + encoded(member.getValue()))
                .collect(Collectors.joining("&"))
                .getBytes(StandardCharsets.UTF_8);
    }
}
