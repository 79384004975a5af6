package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.e2e.support.BotTraffic;
import dev.parley.e2e.support.Checker;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Plans;
import dev.parley.e2e.support.Sends;
import dev.parley.e2e.support.Simulators;
import dev.parley.e2e.support.Stack;
import dev.parley.local.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Customers of bots write while a service dies every five seconds: each is answered in order, nothing is lost, and
 * nothing comes twice but what is marked as AMBIGUOUS. {@code make crash} does it with 200 customers who write 50 messages.
 */
@Order(201)
class MessengerCrashE2E {
    private static final int CUSTOMERS = Integer.getInteger("parley.crash.customers", 24);
    private static final int MESSAGES = Integer.getInteger("parley.crash.messages", 6);
    private static final int FEW = 50;
    private static final int CUSTOMERS_OF_A_BOT = 10;
    private static final Duration BETWEEN_KILLS = Duration.ofSeconds(5);
    /** The owner of the sends dies most often. */
    private static final List<Part> VICTIMS = List.of(
            Part.CHANNEL_SERVICE,
            Part.AGENT_SERVICE,
            Part.CHANNEL_SERVICE,
            Part.POLICY_SERVICE,
            Part.CHANNEL_SERVICE,
            Part.GATEWAY,
            Part.CHANNEL_SERVICE,
            Part.BILLING_SERVICE,
            Part.AUTH_SERVICE);

    private final Checker checker = new Checker();
    private final AtomicInteger kills = new AtomicInteger();

    @Test
    void everybodyIsAnsweredInOrderWhileServicesDie() {
        Customer customer = Customer.signUp().subscribe(Plans.withCredits(10 * CUSTOMERS * MESSAGES));
        List<String> bots = new ArrayList<>();
        for (int i = 0; i < Math.ceilDiv(CUSTOMERS, CUSTOMERS_OF_A_BOT); i++) {
            bots.add(bot(customer));
        }
        BotTraffic traffic = new BotTraffic(bots, CUSTOMERS, MESSAGES);
        Sends sends = new Sends(customer.tenantId());
        if (CUSTOMERS > FEW) {
            // So that a kill finds sends under way; each is in doubt for its whole lease, which is long for a small
            // run.
            Simulators.fault("telegram", Map.of("delay_ms", 50, "path", "sendMessage"));
        }
        try {
            traffic.run(Duration.ofMillis(2_000 + 20L * CUSTOMERS), this::killOne);
        } finally {
            Simulators.heal("telegram");
        }

        Eventually.passes(Duration.ofSeconds(300), () -> sends.haveEnded(CUSTOMERS * MESSAGES));
        sends.answerAll(traffic);
        int twice = sends.arrivedAsPlanned(traffic);
        assertThat(twice)
                .as("messages that came twice, with %d kills and %d AMBIGUOUS", kills.get(), sends.ambiguous())
                .isLessThanOrEqualTo(kills.get());
        Eventually.passes(Duration.ofSeconds(100), () -> {
            checker.tenantIsConsistent(customer.tenantId());
            checker.outboxesAreEmpty();
        });
    }

    private void killOne() {
        long began = System.nanoTime();
        Part victim = VICTIMS.get(kills.getAndIncrement() % VICTIMS.size());
        Stack.running().kill(victim);
        Stack.running().restart(victim);
        LockSupport.parkNanos(BETWEEN_KILLS.toNanos() - (System.nanoTime() - began));
    }

    private static String bot(Customer customer) {
        String token = Simulators.botToken();
        customer.connectBot(token);
        return token;
    }
}
