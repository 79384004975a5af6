package dev.parley.e2e.support;

import dev.parley.e2e.support.Api.Answer;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Razorpay's page as a person reaches it: over ours, whose form leads there. */
public final class RazorpayPage {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final Pattern ACTION = Pattern.compile("<form method=\"post\" action=\"([^\"]+)\"");
    private static final Pattern FIELD =
            Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\">");
    private static final Api BROWSER = Api.of("");

    private final String subscription;
    private final String url;

    private RazorpayPage(String subscription, String url) {
        this.subscription = subscription;
        this.url = url;
    }

    /** Opens the address that a checkout answered with, and goes on to Razorpay. */
    public static RazorpayPage open(String url) {
        String ours = BROWSER.get(url).expect(200).raw();
        Map<String, String> fields = fields(ours);
        String action = action(ours);
        Answer opened = post(action, form(fields)).expect(303);
        return new RazorpayPage(
                fields.get("subscription_id"),
                URI.create(action).resolve(opened.header("location")).toString());
    }

    /** The subscription that is paid there. */
    public String subscription() {
        return subscription;
    }

    /** Pays, and follows Razorpay's answer back to us; returns where the browser is sent then. */
    public String pay(String means) {
        String paid = post(url, "action=pay&email=payer%40example.com&" + means)
                .expect(200)
                .raw();
        return post(action(paid), form(fields(paid))).expect(303).header("location");
    }

    /** Tries to pay with something that is declined, and returns the page's status. */
    public int declined(String means) {
        return post(url, "action=pay&email=payer%40example.com&" + means).status();
    }

    private static Answer post(String url, String form) {
        return BROWSER.raw("POST", url, form.getBytes(StandardCharsets.UTF_8), FORM);
    }

    private static String action(String page) {
        Matcher action = ACTION.matcher(page);
        if (!action.find()) {
            throw new AssertionError("there is no form on the page: " + page);
        }
        return unescaped(action.group(1));
    }

    private static Map<String, String> fields(String page) {
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher field = FIELD.matcher(page);
        while (field.find()) {
            fields.put(field.group(1), unescaped(field.group(2)));
        }
        return fields;
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static String unescaped(String text) {
        return text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
    }
}
