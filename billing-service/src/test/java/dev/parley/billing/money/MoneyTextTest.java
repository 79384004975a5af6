package dev.parley.billing.money;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MoneyTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "499900 | INR | ₹4,999.00",
                "123456789 | INR | ₹12,34,567.89",
                "5 | INR | ₹0.05",
                "-1250 | EUR | -€12.50",
                "123456789 | USD | $1,234,567.89",
                "5000 | JPY | JPY 5,000",
                "1234567 | BHD | BHD 1,234.567",
                "0 | GBP | £0.00",
            })
    void amountsAsPeopleWriteThem(long amount, String currency, String text) {
        assertThat(MoneyText.of(new Money(amount, currency))).isEqualTo(text);
    }
}
