package dev.parley.e2e.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.StripeClient;
import com.stripe.exception.CardException;
import com.stripe.exception.StripeException;
import com.stripe.model.Invoice;
import com.stripe.model.PaymentMethod;
import com.stripe.model.Subscription;
import com.stripe.param.InvoiceListParams;
import com.stripe.param.PaymentMethodAttachParams;
import com.stripe.param.SubscriptionUpdateParams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Pays at Stripe; its official client looks. */
final class StripePayer implements Payer {
    private final StripeClient stripe = StripeClient.builder()
            .setApiKey("sk_test_parley_local")
            .setApiBase(Stack.running().simulatorsUrl() + "/stripe")
            .build();

    @Override
    public void pay(String url) {
        Simulators.payOnPage(url);
    }

    @Override
    public void breakCard(String subscription) {
        card(subscription, "pm_card_chargeCustomerFail");
    }

    @Override
    public void payWhatIsOpen(String subscription) {
        String open = newest(subscription).getId();
        assertThatThrownBy(() -> stripe.v1().invoices().pay(open)).isInstanceOf(CardException.class);
        card(subscription, "pm_card_visa");
        said(() -> stripe.v1().invoices().pay(open));
    }

    @Override
    public Duration patience() {
        return Duration.ofDays(4);
    }

    @Override
    public long newestCharge(String subscription) {
        return newest(subscription).getAmountPaid();
    }

    @Override
    public Paid paid(String subscription) {
        String customer = find(subscription).getCustomer();
        List<Invoice> invoices = new ArrayList<>();
        said(() -> stripe.v1()
                        .invoices()
                        .list(InvoiceListParams.builder()
                                .setCustomer(customer)
                                .setLimit(100L)
                                .build()))
                .autoPagingIterable()
                .forEach(invoices::add);
        assertThat(invoices)
                .allSatisfy(invoice -> assertThat(invoice.getStatus()).isEqualTo("paid"));
        return new Paid(
                invoices.size(),
                invoices.stream().mapToLong(Invoice::getAmountPaid).sum());
    }

    @Override
    public String status(String subscription) {
        return find(subscription).getStatus();
    }

    private void card(String subscription, String testCard) {
        PaymentMethod method = said(() -> stripe.v1()
                .paymentMethods()
                .attach(
                        testCard,
                        PaymentMethodAttachParams.builder()
                                .setCustomer(find(subscription).getCustomer())
                                .build()));
        said(() -> stripe.v1()
                .subscriptions()
                .update(
                        subscription,
                        SubscriptionUpdateParams.builder()
                                .setDefaultPaymentMethod(method.getId())
                                .build()));
    }

    private Subscription find(String subscription) {
        return said(() -> stripe.v1().subscriptions().retrieve(subscription));
    }

    private Invoice newest(String subscription) {
        return said(() -> stripe.v1().invoices().retrieve(find(subscription).getLatestInvoice()));
    }

    private interface Call<T> {
        T make() throws StripeException;
    }

    private static <T> T said(Call<T> call) {
        try {
            return call.make();
        } catch (StripeException e) {
            throw new AssertionError(e);
        }
    }
}
