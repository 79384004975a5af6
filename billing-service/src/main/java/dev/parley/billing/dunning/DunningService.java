package dev.parley.billing.dunning;

import dev.parley.billing.contact.BillingContact;
import dev.parley.billing.contact.BillingContacts;
import dev.parley.platform.mail.MailOutbox;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

/** Sends the mails about an overdue payment, three at most: it failed, it is still open, access is read-only now. */
@ApplicationScoped
public class DunningService {
    private static final Logger LOG = Logger.getLogger(DunningService.class);

    private final BillingContacts contacts;
    private final MailOutbox mails;
    private final URI publicUrl;

    DunningService(BillingContacts contacts, MailOutbox mails, DunningConfig config) {
        this.contacts = contacts;
        this.mails = mails;
        this.publicUrl = config.publicUrl();
    }

    /** Sends what is to be said now and was not said yet, with the caller's transaction. */
    public void remind(Handle handle, TenantId tenant, OverduePayment overdue) {
        DunningStep step = DunningStep.at(overdue.suspended(), overdue.since(), overdue.now(), overdue.grace());
        Optional<BillingContact> contact = contacts.find(handle);
        if (contact.isEmpty()) {
            LOG.warnf("tenant %s has nobody to write to about its payment", tenant);
            return;
        }
        if (isFirst(handle, tenant, overdue, step)) {
            mails.append(handle, tenant, DunningMail.write(contact.get(), step, overdue, publicUrl));
        }
    }

    private static boolean isFirst(Handle handle, TenantId tenant, OverduePayment overdue, DunningStep step) {
        return handle.createUpdate("""
                                insert into app.dunning_mail (tenant_id, past_due_since, step)
                                values (:tenant, :since, :step) on conflict do nothing
                                """)
                        .bind("tenant", tenant.value())
                        .bind("since", OffsetDateTime.ofInstant(overdue.since(), ZoneOffset.UTC))
                        .bind("step", step.wire())
                        .execute()
                == 1;
    }
}
