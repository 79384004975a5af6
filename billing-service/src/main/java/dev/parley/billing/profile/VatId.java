package dev.parley.billing.profile;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The VAT id of a business in the European Union, by the form that its country gives it. */
public final class VatId {
    private static final Map<String, Pattern> FORMS = Map.ofEntries(
            form("AT", "U\\d{8}"),
            form("BE", "[01]\\d{9}"),
            form("BG", "\\d{9,10}"),
            form("HR", "\\d{11}"),
            form("CY", "\\d{8}[A-Z]"),
            form("CZ", "\\d{8,10}"),
            form("DK", "\\d{8}"),
            form("EE", "\\d{9}"),
            form("FI", "\\d{8}"),
            form("FR", "[0-9A-HJ-NP-Z]{2}\\d{9}"),
            form("DE", "\\d{9}"),
            form("GR", "\\d{9}"),
            form("HU", "\\d{8}"),
            form("IE", "\\d[0-9A-Z+*]\\d{5}[A-Z]{1,2}"),
            form("IT", "\\d{11}"),
            form("LV", "\\d{11}"),
            form("LT", "(\\d{9}|\\d{12})"),
            form("LU", "\\d{8}"),
            form("MT", "\\d{8}"),
            form("NL", "\\d{9}B\\d{2}"),
            form("PL", "\\d{10}"),
            form("PT", "\\d{9}"),
            form("RO", "\\d{2,10}"),
            form("SK", "\\d{10}"),
            form("SI", "\\d{8}"),
            form("ES", "[0-9A-Z]\\d{7}[0-9A-Z]"),
            form("SE", "\\d{12}"));

    private VatId() {}

    private static Map.Entry<String, Pattern> form(String country, String digits) {
        // Greece writes EL before its numbers.
        String letters = country.equals("GR") ? "EL" : country;
        return Map.entry(country, Pattern.compile(letters + digits));
    }

    /** Whether a country is in the European Union. */
    public static boolean isMember(String country) {
        return FORMS.containsKey(country);
    }

    /** Whether it has the form of that country's VAT ids. */
    static boolean isValid(String country, String vatId) {
        Pattern form = FORMS.get(country);
        return form != null && form.matcher(vatId).matches();
    }

    /** Without blanks, dots and dashes, in capitals. */
    static String tidied(String vatId) {
        return vatId.replaceAll("[\\s.\\-]", "").toUpperCase(Locale.ROOT);
    }
}
