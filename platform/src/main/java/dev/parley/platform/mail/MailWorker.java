package dev.parley.platform.mail;

import dev.parley.platform.data.Database;
import dev.parley.platform.data.WakeUp;
import dev.parley.platform.mail.MailRepository.Claim;
import dev.parley.platform.problem.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Sends the mails that are due, at least once: one that was sent and not noted is sent again when its lease is over.
 * Several replicas share the work. A mail that the server refuses waits longer each time and is given up in the end.
 */
@ApplicationScoped
class MailWorker {
    private static final Logger LOG = Logger.getLogger(MailWorker.class);
    private static final int BATCH = 10;
    private static final long IDLE_MILLIS = 5_000;
    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    private static final Duration KEEP = Duration.ofDays(7);

    private final Database database;
    private final MailRepository mails;
    private final SmtpSender sender;
    private final WakeUp committed;
    private final MeterRegistry metrics;
    private final boolean enabled;
    private final int tries;
    private volatile boolean stopping;
    private volatile Thread thread;

    MailWorker(
            Database database,
            MailRepository mails,
            SmtpSender sender,
            MailOutbox mailOutbox,
            MeterRegistry metrics,
            @ConfigProperty(name = "parley.mail.enabled", defaultValue = "false") boolean enabled,
            @ConfigProperty(name = "parley.mail.tries", defaultValue = "12") int tries) {
        this.database = database;
        this.mails = mails;
        this.sender = sender;
        this.committed = mailOutbox.committed();
        this.metrics = metrics;
        this.enabled = enabled;
        this.tries = tries;
    }

    void start(@Observes StartupEvent event) {
        if (!enabled) {
            return;
        }
        if (!sender.isConfigured()) {
            LOG.warn("PARLEY_SMTP_HOST is not set: mails are written and wait until it is");
            return;
        }
        thread = Thread.ofPlatform().daemon().name("mail").start(this::run);
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        committed.raise();
        Thread running = thread;
        if (running != null) {
            running.join(Duration.ofSeconds(3));
        }
    }

    private void run() {
        try {
            long purgeAt = System.nanoTime();
            while (!stopping) {
                if (step() == 0) {
                    committed.await(IDLE_MILLIS);
                }
                if (System.nanoTime() - purgeAt >= 0) {
                    purge();
                    purgeAt = System.nanoTime() + TimeUnit.HOURS.toNanos(1);
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Works on some mails that are due and says on how many. */
    int step() {
        try {
            List<Claim> claims = database.acrossTenants(handle -> mails.claim(handle, BATCH, LEASE));
            claims.forEach(this::deliver);
            return claims.size();
        } catch (Problem unreachable) {
            return 0;
        } catch (RuntimeException failure) {
            LOG.warn("mails could not be sent and are tried again", failure);
            return 0;
        }
    }

    private void deliver(Claim claim) {
        try {
            Optional<Mail> mail = database.inTenant(claim.tenant(), handle -> mails.read(handle, claim));
            if (mail.isEmpty()) {
                return;
            }
            sender.send(claim.id(), mail.get());
            database.useTenant(claim.tenant(), handle -> mails.end(handle, claim.id(), "sent", null));
            count("sent");
        } catch (MailNotSent refused) {
            failed(claim, refused.getMessage(), refused.forGood());
        } catch (IllegalStateException unreadable) {
            failed(claim, unreadable.getMessage(), false);
        }
    }

    private void failed(Claim claim, String error, boolean forGood) {
        boolean givenUp = forGood || claim.attempts() >= tries;
        database.useTenant(claim.tenant(), handle -> {
            if (givenUp) {
                mails.end(handle, claim.id(), "dead", error);
            } else {
                mails.postpone(handle, claim.id(), pause(claim.attempts()), error);
            }
        });
        if (givenUp) {
            LOG.errorf("mail %s of tenant %s is given up after %d tries", claim.id(), claim.tenant(), claim.attempts());
        }
        count(givenUp ? "dead" : "postponed");
    }

    /** How long a mail waits after so many tries. */
    static Duration pause(int attempts) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(attempts - 1, 20));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    private void count(String outcome) {
        metrics.counter("mail.message.tried", "outcome", outcome).increment();
    }

    private void purge() {
        try {
            database.acrossTenants(handle -> {
                mails.purge(handle, KEEP);
                return true;
            });
        } catch (RuntimeException failure) {
            LOG.debugf("old mails stay for now: %s", failure.getMessage());
        }
    }
}
