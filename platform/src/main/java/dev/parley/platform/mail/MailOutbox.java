package dev.parley.platform.mail;

import dev.parley.platform.data.WakeUp;
import dev.parley.platform.id.Ids;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Sends mails in the transaction of the change that they tell: both happen, or neither. */
@ApplicationScoped
public class MailOutbox {
    private final MailRepository mails;
    private final WakeUp committed = new WakeUp();

    MailOutbox(MailRepository mails) {
        this.mails = mails;
    }

    /** Wakes whoever sends them. */
    WakeUp committed() {
        return committed;
    }

    /** Appends one mail; it is sent soon after the transaction commits. Returns its id. */
    public UUID append(Handle handle, TenantId tenant, Mail mail) {
        UUID id = Ids.next();
        mails.insert(handle, tenant, id, mail);
        handle.afterCommit(committed::raise);
        return id;
    }

    /** When mails to that address were appended by that tenant's transactions lately, the latest first; up to a week. */
    public List<Instant> lately(Handle handle, String address, Duration time) {
        return mails.lately(handle, address, time);
    }
}
