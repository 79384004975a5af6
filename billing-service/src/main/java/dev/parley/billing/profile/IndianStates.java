package dev.parley.billing.profile;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The states and union territories of India by their letters, with their GST codes. */
public final class IndianStates {
    private static final Map<String, String> CODES = Map.ofEntries(
            Map.entry("JK", "01"),
            Map.entry("HP", "02"),
            Map.entry("PB", "03"),
            Map.entry("CH", "04"),
            Map.entry("UK", "05"),
            Map.entry("UT", "05"),
            Map.entry("HR", "06"),
            Map.entry("DL", "07"),
            Map.entry("RJ", "08"),
            Map.entry("UP", "09"),
            Map.entry("BR", "10"),
            Map.entry("SK", "11"),
            Map.entry("AR", "12"),
            Map.entry("NL", "13"),
            Map.entry("MN", "14"),
            Map.entry("MZ", "15"),
            Map.entry("TR", "16"),
            Map.entry("ML", "17"),
            Map.entry("AS", "18"),
            Map.entry("WB", "19"),
            Map.entry("JH", "20"),
            Map.entry("OD", "21"),
            Map.entry("OR", "21"),
            Map.entry("CG", "22"),
            Map.entry("CT", "22"),
            Map.entry("MP", "23"),
            Map.entry("GJ", "24"),
            Map.entry("DD", "26"),
            Map.entry("DH", "26"),
            Map.entry("DN", "26"),
            Map.entry("MH", "27"),
            Map.entry("KA", "29"),
            Map.entry("GA", "30"),
            Map.entry("LD", "31"),
            Map.entry("KL", "32"),
            Map.entry("TN", "33"),
            Map.entry("PY", "34"),
            Map.entry("AN", "35"),
            Map.entry("TG", "36"),
            Map.entry("TS", "36"),
            Map.entry("AP", "37"),
            Map.entry("LA", "38"));

    private IndianStates() {}

    /** Whether a state has that GST code. */
    static boolean isCode(String code) {
        return CODES.containsValue(code);
    }

    /** The GST code of a state given as {@code KA}, {@code IN-KA} or {@code 29}; empty for anything else. */
    public static Optional<String> code(String state) {
        String text = state.strip().toUpperCase(Locale.ROOT);
        String letters = text.startsWith("IN-") ? text.substring("IN-".length()) : text;
        return isCode(letters) ? Optional.of(letters) : Optional.ofNullable(CODES.get(letters));
    }
}
