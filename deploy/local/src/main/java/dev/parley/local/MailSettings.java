package dev.parley.local;

import java.util.LinkedHashMap;
import java.util.Map;

/** Where mail goes: to the mail catcher, unless the caller's environment names a server of its own. */
final class MailSettings {
    private static final String HOST = "PARLEY_SMTP_HOST";

    private MailSettings() {}

    /** Every {@code PARLEY_SMTP_*} setting and the sender; a caller who names a host is asked for all the rest too. */
    static Map<String, String> from(StackSettings stack, Map<String, String> caller) {
        return from(stack.ports().allOf(Part.SIMULATORS).getLast(), caller);
    }

    static Map<String, String> from(int catcherPort, Map<String, String> caller) {
        boolean own = !caller.getOrDefault(HOST, "").isBlank();
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(HOST, own ? caller.get(HOST) : StackSettings.LOOPBACK);
        settings.put("PARLEY_SMTP_PORT", own ? caller.getOrDefault("PARLEY_SMTP_PORT", "587") : "" + catcherPort);
        settings.put("PARLEY_SMTP_USER", own ? caller.getOrDefault("PARLEY_SMTP_USER", "") : "");
        settings.put("PARLEY_SMTP_PASSWORD", own ? caller.getOrDefault("PARLEY_SMTP_PASSWORD", "") : "");
        settings.put("PARLEY_SMTP_TLS", own ? caller.getOrDefault("PARLEY_SMTP_TLS", "starttls") : "none");
        settings.put("PARLEY_MAIL_FROM", caller.getOrDefault("PARLEY_MAIL_FROM", "no-reply@parley.local"));
        return settings;
    }
}
