package dev.parley.billing.customerinvoice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InvoiceLineTest {
    @ParameterizedTest
    @CsvSource({
        "3, 33333, 1800, 99999, 18000",
        "1, 25, 200, 25, 1",
        "1, 24, 200, 24, 0",
        "1, 100, , 100, 0",
    })
    void taxIsAddedToTheNearestUnit(long quantity, long unit, Integer basisPoints, long net, long tax) {
        InvoiceLine line = new InvoiceLine("x", quantity, unit, basisPoints);
        assertThat(line.net()).isEqualTo(net);
        assertThat(line.tax()).isEqualTo(tax);
    }

    @Test
    void whatCannotBeCountedIsRefusedRatherThanWrong() {
        assertThatThrownBy(() -> new InvoiceLine("x", 1_000_000L, 1_000_000_000_000L, 10_000).tax())
                .isInstanceOf(ArithmeticException.class);
    }
}
