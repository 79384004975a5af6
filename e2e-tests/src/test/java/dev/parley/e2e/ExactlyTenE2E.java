package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Checker;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Plans;
import dev.parley.e2e.support.Simulators;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** 500 messages at once against credits for ten. */
@Order(60)
class ExactlyTenE2E {
    private static final int MESSAGES = 500;
    private static final int CREDITS = 10;
    /** Of one conversation a message is answered at a time. */
    private static final int CONVERSATIONS = 50;

    @Test
    void tenAreAnsweredTheOthersRefusedAndNobodyIsCalledForNothing() throws Exception {
        Customer customer = Customer.signUp().subscribe(Plans.withCredits(CREDITS));
        List<String> conversations = Stream.generate(() -> customer.conversation("concierge"))
                .limit(CONVERSATIONS)
                .toList();
        String mark = "mark-" + UUID.randomUUID();
        CountDownLatch start = new CountDownLatch(1);

        List<Future<Answer>> answers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < MESSAGES; i++) {
                String text = mark + " message " + i;
                String conversation = conversations.get(i % CONVERSATIONS);
                answers.add(threads.submit(() -> {
                    start.await();
                    return customer.say(conversation, text);
                }));
            }
            start.countDown();
        }

        var byStatus = answers.stream()
                .map(ExactlyTenE2E::get)
                .collect(Collectors.groupingBy(Answer::status, Collectors.counting()));
        assertThat(byStatus)
                .containsEntry(201, (long) CREDITS)
                .containsEntry(402, (long) (MESSAGES - CREDITS))
                .hasSize(2);
        assertThat(Simulators.received("llm", mark)).hasSize(CREDITS);
        Answer credits = customer.api().get("/api/v1/credits").expect(200);
        assertThat(credits.at("used").asInt()).isEqualTo(CREDITS);
        assertThat(credits.at("held").asInt()).isZero();
        assertThat(credits.at("remaining").asInt()).isZero();
        Eventually.passes(Duration.ofSeconds(10), () -> new Checker().tenantIsConsistent(customer.tenantId()));
    }

    private static Answer get(Future<Answer> future) {
        try {
            return future.get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
