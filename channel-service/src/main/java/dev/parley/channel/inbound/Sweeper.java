package dev.parley.channel.inbound;

import dev.parley.channel.account.AccountUpkeepService;
import dev.parley.channel.answer.AbandonedOperations;
import dev.parley.channel.delivery.DeliveryConfig;
import dev.parley.channel.delivery.DeliveryFlow;
import dev.parley.channel.delivery.StatusService;
import dev.parley.channel.draft.DraftService;
import dev.parley.channel.handoff.HandoffService;
import dev.parley.channel.media.MediaFlow;
import dev.parley.channel.message.StaffCharges;
import dev.parley.channel.otp.OtpService;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.jboss.logging.Logger;

/** Finds, again and again, what is over or left behind: leases of people, drafts, sends and unanswered messages. */
@ApplicationScoped
public class Sweeper {
    private static final Logger LOG = Logger.getLogger(Sweeper.class);
    private static final int TURNS_BETWEEN_UPKEEP = 5;

    private final DeliveryFlow deliveries;
    private final StatusService statuses;
    private final AbandonedOperations abandoned;
    private final HandoffService handoffs;
    private final DraftService drafts;
    private final MediaFlow media;
    private final StaffCharges charges;
    private final OtpService codes;
    private final ReconcileFlow reconciling;
    private final AccountUpkeepService accounts;
    private final DeliveryConfig config;
    private volatile boolean stopping;

    Sweeper(
            DeliveryFlow deliveries,
            StatusService statuses,
            AbandonedOperations abandoned,
            HandoffService handoffs,
            DraftService drafts,
            MediaFlow media,
            StaffCharges charges,
            OtpService codes,
            ReconcileFlow reconciling,
            AccountUpkeepService accounts,
            DeliveryConfig config) {
        this.deliveries = deliveries;
        this.statuses = statuses;
        this.abandoned = abandoned;
        this.handoffs = handoffs;
        this.drafts = drafts;
        this.media = media;
        this.charges = charges;
        this.codes = codes;
        this.reconciling = reconciling;
        this.accounts = accounts;
        this.config = config;
    }

    void start(@Observes StartupEvent started) {
        Thread.ofVirtual().name("sweeper").start(this::run);
    }

    void stop(@Observes ShutdownEvent stopped) {
        stopping = true;
    }

    private void run() {
        for (int turn = 0; !stopping; turn++) {
            LockSupport.parkNanos(config.sweepInterval().toNanos());
            quietly(deliveries::sweep);
            quietly(handoffs::sweep);
            quietly(drafts::sweep);
            quietly(media::sweep);
            quietly(abandoned::sweep);
            if (turn % TURNS_BETWEEN_UPKEEP == 0) {
                quietly(statuses::sweep);
                quietly(charges::sweep);
                quietly(codes::sweep);
                quietly(accounts::forgetOverdueCredentials);
                quietly(reconciling::sweep);
            }
        }
    }

    private void quietly(IntSupplier sweep) {
        try {
            int found = sweep.getAsInt();
            if (found > 0) {
                LOG.debugf("the sweeper found %d", found);
            }
        } catch (RuntimeException | Error failure) {
            if (!stopping) {
                LOG.warn("the sweeper failed and tries again", failure);
            }
        }
    }
}
