package dev.parley.billing.tax;

import dev.parley.billing.profile.BillingProfile;
import dev.parley.billing.profile.Gstin;
import dev.parley.billing.profile.IndianStates;
import dev.parley.billing.profile.VatId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes the taxes out of a price that contains them. In India: CGST and SGST where seller and buyer are in one state,
 * IGST otherwise; a buyer who names no state is supplied where the seller is. In the European Union: nothing for a
 * business with a VAT id, which accounts for it itself; for others the VAT of their country where the seller charges it.
 * Elsewhere nothing.
 */
@ApplicationScoped
public class TaxRules {
    /** The service accounting code of what Parley sells: hosting and IT infrastructure. */
    public static final String HSN = "998315";

    private static final int HUNDRED_PERCENT = 10_000;
    private static final int PERCENT = 100;

    private final Seller seller;
    private final int gstPercent;
    private final Map<String, Integer> vatPercent;

    @Inject
    TaxRules(SellerConfig config) {
        this(
                new Seller(
                        config.name(),
                        config.address().orElse(List.of()),
                        config.country(),
                        config.gstin().orElse(null),
                        config.vatId().orElse(null)),
                config.gstPercent(),
                Map.copyOf(config.vatPercent()));
        if (seller.gstin() != null && !Gstin.isValid(seller.gstin())) {
            throw new IllegalStateException("billing.seller.gstin is not a GST number");
        }
    }

    TaxRules(Seller seller, int gstPercent, Map<String, Integer> vatPercent) {
        this.seller = seller;
        this.gstPercent = gstPercent;
        this.vatPercent = vatPercent;
    }

    /** Not for use: CDI needs it for the client proxy. */
    protected TaxRules() {
        this(new Seller("", List.of(), "", null, null), 0, Map.of());
    }

    /** Who sells. */
    public Seller seller() {
        return seller;
    }

    /**
     * What an amount consists of for that buyer.
     *
     * @param gross in minor units, taxes included
     * @param buyer null when nothing is known of the buyer
     */
    public TaxedAmount of(long gross, @Nullable BillingProfile buyer) {
        String country = buyer == null ? seller.country() : buyer.country();
        if (country.equals("IN") && seller.country().equals("IN")) {
            return seller.gstin() == null ? untaxed(gross, List.of(), null) : gst(gross, buyer, seller.gstin());
        }
        if (seller.country().equals("IN")) {
            List<String> notes = seller.gstin() == null
                    ? List.of()
                    : List.of("Export of services: supply under LUT without payment of IGST");
            if (!VatId.isMember(country)) {
                return untaxed(gross, notes, country);
            }
        }
        if (buyer != null && buyer.vatId() != null && !country.equals(seller.country())) {
            return untaxed(
                    gross,
                    List.of(
                            "Reverse charge: VAT is to be accounted for by the recipient (Article 196, Directive 2006/112/EC)"),
                    country);
        }
        Integer percent = vatPercent.get(country);
        if (percent == null) {
            return untaxed(gross, List.of(), country);
        }
        long net = net(gross, percent);
        return new TaxedAmount(
                net, List.of(new TaxLine("VAT " + country, percent * PERCENT, gross - net)), List.of(), country);
    }

    private TaxedAmount gst(long gross, @Nullable BillingProfile buyer, String sellerGstin) {
        String here = Gstin.state(sellerGstin);
        String there = state(buyer).orElse(here);
        long net = net(gross, gstPercent);
        int rate = gstPercent * PERCENT;
        if (!here.equals(there)) {
            return new TaxedAmount(net, List.of(new TaxLine("IGST", rate, gross - net)), List.of(), there);
        }
        // The two halves are equal by law: an odd unit belongs to the net amount.
        long half = (gross - net) / 2;
        return new TaxedAmount(
                gross - 2 * half,
                List.of(new TaxLine("CGST", rate / 2, half), new TaxLine("SGST", rate / 2, half)),
                List.of(),
                there);
    }

    private static Optional<String> state(@Nullable BillingProfile buyer) {
        if (buyer == null) {
            return Optional.empty();
        }
        return buyer.gstin() != null
                ? Optional.of(Gstin.state(buyer.gstin()))
                : Optional.ofNullable(buyer.address().state()).flatMap(IndianStates::code);
    }

    /** Rounded to the nearest unit, halves up. */
    private static long net(long gross, int percent) {
        long divisor = HUNDRED_PERCENT + (long) percent * PERCENT;
        return Math.floorDiv(Math.addExact(Math.multiplyExact(gross, 2L * HUNDRED_PERCENT), divisor), 2 * divisor);
    }

    private static TaxedAmount untaxed(long gross, List<String> notes, @Nullable String place) {
        return new TaxedAmount(gross, List.of(), notes, place);
    }
}
