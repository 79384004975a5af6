package dev.parley.billing.money;

import java.util.Currency;
import java.util.Map;

/** Writes amounts for people. */
public final class MoneyText {
    private static final Map<String, String> SIGNS = Map.of("INR", "₹", "USD", "$", "EUR", "€", "GBP", "£");
    private static final int FIRST_GROUP = 3;

    private MoneyText() {}

    /** The amount with its sign and its currency's decimals, rupees in lakhs: {@code ₹4,99,900.00}, {@code -€12.50}. */
    public static String of(Money money) {
        int decimals = Math.max(0, Currency.getInstance(money.currency()).getDefaultFractionDigits());
        String digits = String.valueOf(Math.absExact(money.amount()));
        digits = "0".repeat(Math.max(0, decimals + 1 - digits.length())) + digits;
        String whole = digits.substring(0, digits.length() - decimals);
        String fraction = decimals == 0 ? "" : "." + digits.substring(digits.length() - decimals);
        String sign = SIGNS.getOrDefault(money.currency(), money.currency() + " ");
        return (money.amount() < 0 ? "-" : "")
                + sign
                + grouped(whole, money.currency().equals("INR") ? 2 : FIRST_GROUP)
                + fraction;
    }

    private static String grouped(String digits, int size) {
        StringBuilder text = new StringBuilder(digits);
        for (int at = digits.length() - FIRST_GROUP; at > 0; at -= size) {
            text.insert(at, ',');
        }
        return text.toString();
    }
}
