package dev.parley.billing.tax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.billing.profile.Address;
import dev.parley.billing.profile.BillingProfile;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TaxRulesTest {
    private static final Seller KARNATAKA = new Seller("Parley", List.of(), "IN", "29AAAAA0000A1ZY", null);
    private static final Seller BERLIN = new Seller("Parley", List.of(), "DE", null, "DE123456789");
    private final TaxRules india = new TaxRules(KARNATAKA, 18, Map.of("FR", 20));
    private final TaxRules germany = new TaxRules(BERLIN, 18, Map.of("DE", 19, "FR", 20));

    private static BillingProfile buyer(String country, String state, String gstin, String vatId) {
        return new BillingProfile(
                "B", new Address("1", null, "C", state, null), country, vatId, gstin, "b@example.com");
    }

    private static String taxes(TaxedAmount amount) {
        return amount.net() + " "
                + amount.taxes().stream()
                        .map(tax -> tax.name() + " " + tax.basisPoints() + " " + tax.amount())
                        .toList();
    }

    @Test
    void withinAStateTheTaxIsHalved() {
        assertThat(taxes(india.of(499_900, buyer("IN", "KA", null, null))))
                .isEqualTo("423644 [CGST 900 38128, SGST 900 38128]");
        assertThat(taxes(india.of(499_900, buyer("IN", "MH", "29BBBBB1111B1ZJ", null))))
                .as("the number's state decides")
                .isEqualTo("423644 [CGST 900 38128, SGST 900 38128]");
        assertThat(taxes(india.of(499_900, null)))
                .as("who names no state is supplied where the seller is")
                .isEqualTo("423644 [CGST 900 38128, SGST 900 38128]");
    }

    @Test
    void betweenStatesItIsOne() {
        TaxedAmount amount = india.of(499_900, buyer("IN", null, "27AAAAA0000A1Z2", null));
        assertThat(taxes(amount)).isEqualTo("423644 [IGST 1800 76256]");
        assertThat(amount.placeOfSupply()).isEqualTo("27");
    }

    @Test
    void anExportIsWithoutTaxAndABusinessInTheUnionAccountsForItItself() {
        TaxedAmount usa = india.of(4_900, buyer("US", null, null, null));
        assertThat(taxes(usa)).isEqualTo("4900 []");
        assertThat(usa.notes()).singleElement().asString().contains("LUT");
        TaxedAmount business = india.of(4_900, buyer("FR", null, null, "FRXX123456789"));
        assertThat(taxes(business)).isEqualTo("4900 []");
        assertThat(business.notes()).singleElement().asString().contains("Reverse charge");
        assertThat(taxes(india.of(4_900, buyer("FR", null, null, null)))).isEqualTo("4083 [VAT FR 2000 817]");
        assertThat(taxes(india.of(4_900, buyer("ES", null, null, null)))).isEqualTo("4900 []");
    }

    @Test
    void atHomeABusinessPaysTheTaxToo() {
        assertThat(taxes(germany.of(11_900, buyer("DE", null, null, "DE987654321"))))
                .isEqualTo("10000 [VAT DE 1900 1900]");
        assertThat(germany.of(11_900, buyer("FR", null, null, "FRXX123456789")).notes())
                .singleElement()
                .asString()
                .contains("Article 196");
        assertThat(taxes(germany.of(100, buyer("IN", "KA", null, null)))).isEqualTo("100 []");
    }

    @Test
    void whoHasNoGstNumberChargesNone() {
        TaxRules small = new TaxRules(new Seller("Parley", List.of(), "IN", null, null), 18, Map.of());
        assertThat(taxes(small.of(499_900, buyer("IN", "KA", null, null)))).isEqualTo("499900 []");
    }

    @Test
    void netAndTaxesAreAlwaysTheWholeAmount() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            long gross = random.nextLong(1, 1L << 40);
            for (BillingProfile buyer : List.of(
                    buyer("IN", "KA", null, null), buyer("IN", "DL", null, null), buyer("FR", null, null, null))) {
                TaxedAmount amount = india.of(gross, buyer);
                long tax = amount.taxes().stream().mapToLong(TaxLine::amount).sum();
                assertThat(amount.net() + tax).isEqualTo(gross);
                assertThat(amount.taxes().stream().map(TaxLine::amount).distinct())
                        .hasSize(1);
                long percent =
                        amount.taxes().stream().mapToLong(TaxLine::basisPoints).sum() / 100;
                // The net amount is at most half a unit off, and one more where an odd unit went to it.
                assertThat(2 * Math.abs(amount.net() * percent - tax * 100)).isLessThanOrEqualTo(3 * (percent + 100));
            }
        }
    }
}
