package dev.parley.billing.payment.stripe;

import com.stripe.StripeClient;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.Invoice;
import com.stripe.model.InvoiceItem;
import com.stripe.net.RequestOptions;
import com.stripe.param.InvoiceCreateParams;
import com.stripe.param.InvoiceCreateParams.PendingInvoiceItemsBehavior;
import com.stripe.param.InvoiceFinalizeInvoiceParams;
import com.stripe.param.InvoiceItemCreateParams;
import com.stripe.param.InvoiceItemListParams;
import dev.parley.billing.payment.OverageOrder;
import dev.parley.billing.payment.ProviderOverage;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Charges overage by invoice items. Keys of idempotency are forgotten after a day, so an item that carries the charge's
 * name is looked for before one is made; the key covers the moments in which two ask at once.
 */
final class StripeOverages {
    private static final long PAGE = 100;
    private static final int NOT_FOUND = 404;

    private final StripeClient stripe;

    StripeOverages(StripeClient stripe) {
        this.stripe = stripe;
    }

    ProviderOverage charge(OverageOrder order) throws StripeException {
        Optional<InvoiceItem> made = find(order);
        if (made.isPresent() && order.ownInvoice() && isMovable(order, made.get())) {
            made = takenBack(made.get());
        }
        if (made.isEmpty()) {
            return order.ownInvoice()
                    ? invoiced(order, item(order, invoice(order).getId(), "-own"))
                    : overage(item(order, null, ""));
        }
        return order.ownInvoice() ? invoiced(order, made.get()) : overage(made.get());
    }

    /** Whether it waits for another invoice than its own: one that does not exist yet, or is still a draft. */
    private boolean isMovable(OverageOrder order, InvoiceItem item) throws StripeException {
        if (item.getInvoice() == null) {
            return true;
        }
        Invoice invoice = stripe.v1().invoices().retrieve(item.getInvoice());
        return "draft".equals(invoice.getStatus()) && !isOwn(order, invoice);
    }

    private static boolean isOwn(OverageOrder order, Invoice invoice) {
        return invoice.getMetadata() != null
                && order.chargeId().toString().equals(invoice.getMetadata().get(StripeObjects.OVERAGE));
    }

    /** Takes back what waits for an invoice that will not come; one that was charged meanwhile stays, and is returned. */
    private Optional<InvoiceItem> takenBack(InvoiceItem item) throws StripeException {
        try {
            stripe.v1().invoiceItems().delete(item.getId());
            return Optional.empty();
        } catch (InvalidRequestException refused) {
            if (refused.getStatusCode() == NOT_FOUND) {
                return Optional.empty();
            }
            InvoiceItem now = stripe.v1().invoiceItems().retrieve(item.getId());
            if (now.getInvoice() == null) {
                throw refused;
            }
            return Optional.of(now);
        }
    }

    Optional<ProviderOverage> fetch(String itemId) throws StripeException {
        InvoiceItem item = stripe.v1().invoiceItems().retrieve(itemId);
        return Boolean.TRUE.equals(item.getDeleted()) ? Optional.empty() : Optional.of(overage(item));
    }

    private Optional<InvoiceItem> find(OverageOrder order) throws StripeException {
        InvoiceItemListParams params = InvoiceItemListParams.builder()
                .setCustomer(order.customerId())
                .setLimit(PAGE)
                .build();
        String charge = order.chargeId().toString();
        return StreamSupport.stream(
                        stripe.v1()
                                .invoiceItems()
                                .list(params)
                                .autoPagingIterable()
                                .spliterator(),
                        false)
                .filter(item -> item.getMetadata() != null
                        && charge.equals(item.getMetadata().get(StripeObjects.OVERAGE)))
                .findFirst();
    }

    private InvoiceItem item(OverageOrder order, @Nullable String invoice, String how) throws StripeException {
        InvoiceItemCreateParams.Builder params = InvoiceItemCreateParams.builder()
                .setCustomer(order.customerId())
                .setAmount(order.amount().amount())
                .setCurrency(order.amount().currency().toLowerCase(Locale.ROOT))
                .setDescription(order.description())
                .setDiscountable(false)
                .putMetadata(StripeObjects.OVERAGE, order.chargeId().toString());
        if (invoice == null) {
            params.setSubscription(order.subscriptionId());
        } else {
            params.setInvoice(invoice);
        }
        return stripe.v1().invoiceItems().create(params.build(), once(order, how));
    }

    /** An invoice of its own is paid as the subscription was: Checkout keeps the card there, and not at the customer. */
    private Invoice invoice(OverageOrder order) throws StripeException {
        String method =
                stripe.v1().subscriptions().retrieve(order.subscriptionId()).getDefaultPaymentMethod();
        InvoiceCreateParams params = InvoiceCreateParams.builder()
                .setDefaultPaymentMethod(method)
                .setCustomer(order.customerId())
                .setCurrency(order.amount().currency().toLowerCase(Locale.ROOT))
                .setCollectionMethod(InvoiceCreateParams.CollectionMethod.CHARGE_AUTOMATICALLY)
                .setPendingInvoiceItemsBehavior(PendingInvoiceItemsBehavior.EXCLUDE)
                .setAutoAdvance(true)
                .putMetadata(StripeObjects.OVERAGE, order.chargeId().toString())
                .build();
        return stripe.v1().invoices().create(params, once(order, "-invoice"));
    }

    /** Lets Stripe collect what the item's invoice charges; one that is under way already stays as it is. */
    private ProviderOverage invoiced(OverageOrder order, InvoiceItem item) throws StripeException {
        Invoice invoice = stripe.v1().invoices().retrieve(item.getInvoice());
        if (isOwn(order, invoice) && "draft".equals(invoice.getStatus())) {
            InvoiceFinalizeInvoiceParams params =
                    InvoiceFinalizeInvoiceParams.builder().setAutoAdvance(true).build();
            stripe.v1().invoices().finalizeInvoice(invoice.getId(), params, once(order, "-final"));
        }
        return overage(item);
    }

    private static ProviderOverage overage(InvoiceItem item) {
        return new ProviderOverage(item.getId(), item.getInvoice());
    }

    private static RequestOptions once(OverageOrder order, String how) {
        return StripeProvider.once(order.chargeId() + how);
    }
}
