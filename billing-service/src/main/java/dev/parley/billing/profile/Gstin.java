package dev.parley.billing.profile;

import java.util.regex.Pattern;

/** The GST number of a business in India: state, PAN, entity, Z, check digit. */
public final class Gstin {
    private static final Pattern FORM = Pattern.compile("\\d{2}[A-Z]{5}\\d{4}[A-Z][0-9A-Z]Z[0-9A-Z]");
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final int BASE = DIGITS.length();

    private Gstin() {}

    /** Whether it has the form, a state that exists and the right check digit. */
    public static boolean isValid(String gstin) {
        return FORM.matcher(gstin).matches()
                && IndianStates.isCode(gstin.substring(0, 2))
                && gstin.charAt(gstin.length() - 1) == checkDigit(gstin.substring(0, gstin.length() - 1));
    }

    /** The check digit of what stands before it: weights 1 and 2 in turn, in base 36. */
    static char checkDigit(String body) {
        int sum = 0;
        for (int i = 0; i < body.length(); i++) {
            int product = DIGITS.indexOf(body.charAt(i)) * (i % 2 + 1);
            sum += product / BASE + product % BASE;
        }
        return DIGITS.charAt((BASE - sum % BASE) % BASE);
    }

    /** The GST code of the state that issued it. */
    public static String state(String gstin) {
        return gstin.substring(0, 2);
    }
}
