package dev.parley.billing.warning;

import dev.parley.billing.contact.BillingContact;
import dev.parley.billing.letter.Letter;
import dev.parley.platform.mail.Mail;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes the mails about credits that are nearly or all used. */
final class WarningMail {
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    private static final int ALL = 100;

    private WarningMail() {}

    /**
     * Writes one.
     *
     * @param resetsAt when new credits come, or null when nobody knows
     */
    static Mail write(BillingContact to, ThresholdReached reached, @Nullable Instant resetsAt, URI publicUrl) {
        boolean all = reached.percent() >= ALL;
        String subject = all
                ? "Your Parley credits are used up"
                : "%d %% of your Parley credits are used".formatted(reached.percent());
        String what = all
                ? "all credits of this period are used. Depending on your plan, agents stop answering or go on at the overage that you allowed."
                : "%d %% of the credits of this period are used; %,d are left."
                        .formatted(reached.percent(), Math.max(0, reached.remaining()));
        String when = resetsAt == null ? "" : " New credits come on %s.".formatted(DAY.format(resetsAt));
        return Letter.fromUs(
                        to.name(),
                        Letter.says(what + when),
                        Letter.leads(
                                "See where they went, change your plan or buy a pack", publicUrl + "/console/billing"))
                .to(to.email(), subject);
    }
}
