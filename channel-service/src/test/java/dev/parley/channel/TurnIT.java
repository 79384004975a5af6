package dev.parley.channel;

import static dev.parley.channel.Channel.await;
import static dev.parley.channel.Channel.conversation;
import static dev.parley.channel.Channel.count;
import static dev.parley.channel.Channel.execute;
import static dev.parley.channel.Channel.newTenant;
import static dev.parley.channel.Channel.pause;
import static dev.parley.channel.Channel.send;
import static dev.parley.channel.Channel.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThan;

import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** In a conversation of the web one message is answered at a time, each with all that was said before it. */
@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class TurnIT {
    @Test
    void aSecondMessageWaitsForTheAnswerToTheFirst() throws Exception {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "patient");
        CountDownLatch gate = Fakes.GATES.computeIfAbsent(tenant.toString(), ignored -> new CountDownLatch(1));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> first = threads.submit(() -> status(tenant, conversation, "one", "c1"));
            await(() -> prompts(conversation).size() == 1);
            Future<Integer> second = threads.submit(() -> status(tenant, conversation, "two", "c2"));
            Future<Integer> repetition = threads.submit(() -> status(tenant, conversation, "one", "c1"));
            pause(Duration.ofMillis(600));
            assertThat(prompts(conversation)).as("the second is not asked yet").hasSize(1);
            assertThat(messages(conversation)).isEqualTo("one");

            gate.countDown();

            assertThat(first.get()).isEqualTo(201);
            assertThat(repetition.get()).isEqualTo(201);
            assertThat(second.get()).isEqualTo(201);
        }
        assertThat(prompts(conversation)).containsExactly(List.of("one"), List.of("one", "You said: one", "two"));
        assertThat(messages(conversation)).isEqualTo("one, You said: one, two, You said: two");
    }

    @Test
    void manyAtOnceAreAnsweredOneAfterTheOther() throws Exception {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "concierge");
        List<Callable<Integer>> messages = IntStream.range(0, 12)
                .mapToObj(i -> (Callable<Integer>) () -> status(tenant, conversation, "m" + i, "c" + i))
                .toList();

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> status : threads.invokeAll(messages)) {
                assertThat(status.get()).isEqualTo(201);
            }
        }

        assertThat(prompts(conversation).stream().map(List::size).toList())
                .as("each knows of all before it")
                .containsExactly(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 21);
    }

    @Test
    void whoWaitsTooLongIsToldSoAndNothingIsStored() throws Exception {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "patient");
        CountDownLatch gate = Fakes.GATES.computeIfAbsent(tenant.toString(), ignored -> new CountDownLatch(1));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> first = threads.submit(() -> status(tenant, conversation, "one", "c1"));
            await(() -> prompts(conversation).size() == 1);

            send(tenant, conversation, "two", "c2")
                    .statusCode(409)
                    .header("Retry-After", equalTo("2"))
                    .body("code", equalTo("CONVERSATION_BUSY"));
            assertThat(messages(conversation)).isEqualTo("one");
            gate.countDown();

            assertThat(first.get()).isEqualTo(201);
        }
        send(tenant, conversation, "two", "c2").statusCode(201);
        assertThat(prompts(conversation).getLast()).containsExactly("one", "You said: one", "two");
    }

    @Test
    void aProcessThatDiedWithATurnLosesIt() {
        TenantId tenant = newTenant();
        String conversation = died(tenant, "now() - interval '1 second'");

        send(tenant, conversation, "two").statusCode(201);

        await(() -> messages(conversation).contains("You said: one"));
        assertThat(messages(conversation)).isEqualTo("one, You said: one, two, You said: two");
        // Of an operation that is not there any more nobody waits longer than its time either.
        execute("update app.conversation set turn_operation = gen_random_uuid(),"
                + " turn_until = now() + interval '500 milliseconds' where id = '" + conversation + "'");
        send(tenant, conversation, "three").statusCode(201);
    }

    @Test
    void aTurnOfADeadProcessThatIsNotOverIsWaitedForNotLonger() {
        TenantId tenant = newTenant();
        String conversation = died(tenant, "now() + interval '1 hour'");

        send(tenant, conversation, "two").statusCode(409).body("code", equalTo("CONVERSATION_BUSY"));
        execute("update app.operation set due_at = now() where conversation_id = '" + conversation + "'");

        send(tenant, conversation, "two").statusCode(201);
        assertThat(messages(conversation)).isEqualTo("one, You said: one, two, You said: two");
        assertThat(prompts(conversation).getLast()).containsExactly("one", "You said: one", "two");
    }

    @Test
    void aRepetitionOfWhatIsAnsweredTakesNobodysTurn() {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "concierge");
        send(tenant, conversation, "one", "c1").statusCode(201);

        send(tenant, conversation, "one", "c1").statusCode(201);

        send(tenant, conversation, "two", "c2").statusCode(201).time(lessThan(6_000L));
        assertThat(messages(conversation)).isEqualTo("one, You said: one, two, You said: two");
    }

    @Test
    void whatIsAnsweredLaterKeepsNobodyWaiting() {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "concierge");
        Fakes.AGENT_AWAY.add(tenant.toString());
        send(tenant, conversation, "one", "c1").statusCode(503);
        Fakes.AGENT_AWAY.remove(tenant.toString());

        send(tenant, conversation, "two", "c2").statusCode(201).time(lessThan(6_000L));

        send(tenant, conversation, "one", "c1").statusCode(201).body("reply.text", equalTo("You said: one"));
    }

    /** A conversation whose first message is being answered by nobody, who has the turn until then. */
    private static String died(TenantId tenant, String until) {
        String conversation = conversation(tenant, "concierge");
        Fakes.AGENT_AWAY.add(tenant.toString());
        send(tenant, conversation, "one", "c1").statusCode(503);
        Fakes.AGENT_AWAY.remove(tenant.toString());
        execute("update app.conversation set turn_until = " + until + " where id = '" + conversation + "'");
        execute("update app.operation set due_at = " + until + " where conversation_id = '" + conversation + "'");
        return conversation;
    }

    private static int status(TenantId tenant, String conversation, String text, String clientId) {
        return send(tenant, conversation, text, clientId).extract().statusCode();
    }

    private static String messages(String conversation) {
        assertThat(count("select count(*) from app.message where conversation_id = '" + conversation + "'"))
                .isPositive();
        return text("select string_agg(text, ', ' order by seq, part) from app.message where conversation_id = '"
                + conversation + "'");
    }

    private static List<List<String>> prompts(String conversation) {
        return Fakes.RUN_REQUESTS.stream()
                .filter(run -> run.path("conversation_id").asText().equals(conversation))
                .map(run -> run.path("messages").findValuesAsText("content"))
                .toList();
    }
}
