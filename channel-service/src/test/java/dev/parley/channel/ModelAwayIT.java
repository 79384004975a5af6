package dev.parley.channel;

import static dev.parley.channel.Channel.await;
import static dev.parley.channel.Channel.chat;
import static dev.parley.channel.Channel.execute;
import static dev.parley.channel.Channel.message;
import static dev.parley.channel.Channel.newTenant;
import static dev.parley.channel.Channel.states;
import static dev.parley.channel.Channel.telegram;
import static dev.parley.channel.Channel.text;
import static dev.parley.channel.Channel.update;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A customer of a messenger does not write again because a model failed: the message waits for it, and is never lost. */
@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class ModelAwayIT {
    private TenantId tenant;
    private String account;

    @BeforeEach
    void connect() {
        tenant = newTenant();
        account = telegram(tenant, "concierge");
    }

    @Test
    void aMessageIsAnsweredOnceTheModelIsBackAndChargedOnce() {
        String chat = chat("61");
        Fakes.MODEL_AWAY.add(tenant.toString());
        update(account, "s3cret", message(1, chat, 1, "Do you deliver?"));
        await(() -> asked() == 2);
        await(() -> states(tenant).equals("QUEUED"));
        assertThat(Fakes.HOLDS.get(operation())).isEqualTo("HELD");

        Fakes.MODEL_AWAY.remove(tenant.toString());

        await(() -> Fakes.sentTo(chat).size() == 1);
        assertThat(Fakes.sentTo(chat).getFirst().body().path("text").asText()).isEqualTo("You said: Do you deliver?");
        assertThat(states(tenant)).isEqualTo("ANSWERED");
        Fakes.awaitCharged(operation());
        assertThat(Fakes.SETTLEMENTS.get(operation()).path("message").asInt()).isEqualTo(1);
    }

    @Test
    void aMessageThatWaitedTooLongIsGivenUpFreeOfChargeAndTheAgentHearsOfItWithTheNext() {
        String chat = chat("62");
        Fakes.MODEL_AWAY.add(tenant.toString());
        update(account, "s3cret", message(1, chat, 1, "Do you deliver?"));
        await(() -> asked() == 1);

        execute("update app.operation set created_at = now() - interval '200 s' where tenant_id = '" + tenant + "'");

        await(() -> states(tenant).equals("FAILED"));
        assertThat(text("select problem_code from app.operation where tenant_id = '" + tenant + "'"))
                .isEqualTo("PROVIDER_FAILED");
        assertThat(Fakes.HOLDS.get(operation())).isEqualTo("RELEASED");
        Fakes.MODEL_AWAY.remove(tenant.toString());
        update(account, "s3cret", message(2, chat, 2, "Hello?"));
        await(() -> Fakes.sentTo(chat).size() == 1);
        assertThat(messages().findValuesAsText("content")).containsExactly("Do you deliver?", "Hello?");
    }

    @Test
    void whatTheProviderDoesNotTakeIsAskedOnceAndNotToldAgain() {
        String chat = chat("63");
        Fakes.MODEL_REFUSES.add(tenant.toString());
        update(account, "s3cret", message(1, chat, 1, "a text that a filter refuses"));
        await(() -> states(tenant).equals("FAILED"));
        assertThat(asked()).isEqualTo(1);
        assertThat(Fakes.HOLDS.get(operation())).isEqualTo("RELEASED");
        Fakes.MODEL_REFUSES.remove(tenant.toString());

        update(account, "s3cret", message(2, chat, 2, "Hello?"));

        await(() -> Fakes.sentTo(chat).size() == 1);
        assertThat(messages().findValuesAsText("content")).containsExactly("Hello?");
    }

    @Test
    void anAnswerThatIsReadyDoesNotWaitForTheModelOfALaterMessage() {
        String chat = chat("64");
        Fakes.busy(chat, 20);
        update(account, "s3cret", message(1, chat, 1, "One"));
        await(() -> "PENDING 1"
                .equals(text(
                        "select state || ' ' || attempts from app.send_intent where tenant_id = '" + tenant + "'")));

        Fakes.MODEL_AWAY.add(tenant.toString());
        update(account, "s3cret", message(2, chat, 2, "Two"));

        await(() -> Fakes.sentTo(chat).size() == 2);
        assertThat(states(tenant)).startsWith("ANSWERED ").doesNotEndWith("ANSWERED");
        Fakes.MODEL_AWAY.remove(tenant.toString());
        await(() -> Fakes.sentTo(chat).size() == 3);
        assertThat(Fakes.sentTo(chat).getLast().body().path("text").asText()).isEqualTo("You said: Two");
    }

    private long asked() {
        String operation = operation();
        return Fakes.RUN_REQUESTS.stream()
                .filter(run -> run.path("operation_id").asText().equals(operation))
                .count();
    }

    private JsonNode messages() {
        String operation = operation();
        List<JsonNode> runs = Fakes.RUN_REQUESTS.stream()
                .filter(run -> run.path("operation_id").asText().equals(operation))
                .toList();
        return runs.getLast().path("messages");
    }

    private String operation() {
        return text("select id::text from app.operation where tenant_id = '" + tenant
                + "' order by created_at desc limit 1");
    }
}
