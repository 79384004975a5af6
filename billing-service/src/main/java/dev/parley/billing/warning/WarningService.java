package dev.parley.billing.warning;

import dev.parley.billing.contact.BillingContacts;
import dev.parley.billing.subscription.SubscriptionService;
import dev.parley.billing.subscription.SubscriptionView;
import dev.parley.platform.mail.MailOutbox;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Sends a warning once per period and threshold, however often credits rise and fall. */
@ApplicationScoped
public class WarningService {
    private final WarningRepository warnings;
    private final SubscriptionService subscriptions;
    private final BillingContacts contacts;
    private final MailOutbox mails;
    private final WarningConfig config;

    WarningService(
            WarningRepository warnings,
            SubscriptionService subscriptions,
            BillingContacts contacts,
            MailOutbox mails,
            WarningConfig config) {
        this.warnings = warnings;
        this.subscriptions = subscriptions;
        this.contacts = contacts;
        this.mails = mails;
        this.config = config;
    }

    /** Warns the tenant's people in the caller's transaction; nothing when nobody is known, or they were warned. */
    public void warn(Handle handle, TenantId tenant, ThresholdReached reached) {
        Optional<SubscriptionView> subscription = subscriptions.find(handle);
        Instant period = subscription.map(SubscriptionView::currentPeriodStart).orElse(Instant.EPOCH);
        contacts.find(handle).ifPresent(contact -> {
            if (warnings.insert(handle, tenant, period, reached.percent())) {
                Instant resets =
                        subscription.map(SubscriptionView::currentPeriodEnd).orElse(null);
                mails.append(handle, tenant, WarningMail.write(contact, reached, resets, config.publicUrl()));
            }
        });
    }
}
