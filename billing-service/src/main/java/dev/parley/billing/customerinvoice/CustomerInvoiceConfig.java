package dev.parley.billing.customerinvoice;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;

/** How invoices to customers behave. */
@ConfigMapping(prefix = "billing.customer-invoice")
interface CustomerInvoiceConfig {
    /** How long a customer has to pay when nothing else is said. */
    @WithDefault("14D")
    Duration term();

    /** How many mails to customers a tenant may ask for in a day. */
    @WithDefault("200")
    int mailsADay();

    /** When reminders are sent, counted from the end of the day on which it is due. */
    @WithDefault("1D,7D,14D")
    List<Duration> reminders();
}
