package dev.parley.billing.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.tenancy.TenantId;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class InvoiceNumberTest {
    @Test
    void aNumberHasSixteenCharactersAtMostAndTellsTenantYearAndPlace() {
        TenantId tenant = new TenantId(UUID.fromString("00000000-0000-7000-8000-00000000000a"));
        TenantId other = new TenantId(UUID.fromString("00000000-0000-7000-8000-00000000000b"));

        String number = InvoiceNumber.of(tenant, 2026, 42).text();

        assertThat(number).matches("[0-9A-HJKMNP-TV-Z]{6}/26/000042").hasSize(16);
        assertThat(InvoiceNumber.of(tenant, 2026, 42).text()).isEqualTo(number);
        assertThat(InvoiceNumber.series(other)).isNotEqualTo(InvoiceNumber.series(tenant));
    }
}
