package dev.parley.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicsTest {
    @TempDir
    Path folder;

    @Test
    void lineIsTopicPartitionsAndDays() throws IOException {
        Path file = Files.writeString(folder.resolve("topics"), """
                # a comment
                agent.run.events   6  7   # and another
                """);

        NewTopic topic = Topics.read(file).topics().getFirst();

        assertThat(topic.name()).isEqualTo("agent.run.events");
        assertThat(topic.numPartitions()).isEqualTo(6);
        assertThat(topic.configs()).containsEntry("retention.ms", "604800000");
    }

    @Test
    void compactKeepsTheLastOfEveryKeyForGood() throws IOException {
        Path file = Files.writeString(folder.resolve("topics"), "platform.audit.heads 6 compact\n");

        assertThat(Topics.read(file).topics().getFirst().configs())
                .containsEntry("cleanup.policy", "compact")
                .containsEntry("min.compaction.lag.ms", "2592000000")
                .doesNotContainKey("retention.ms");
    }

    @Test
    void lineThatIsNotUnderstoodIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("topics"), "agent.run.events 6\n");

        assertThatThrownBy(() -> Topics.read(file))
                .isInstanceOf(StackFailure.class)
                .hasMessageContaining("not three columns: agent.run.events 6");
    }

    @Test
    void everyTopicOfTheDesignIsListed() {
        assertThat(Topics.read(Checkout.find().topics()).topics())
                .extracting(NewTopic::name)
                .containsExactlyInAnyOrder(
                        "auth.tenant.events",
                        "billing.subscription.events",
                        "policy.usage.events",
                        "agent.usage.events",
                        "agent.run.events",
                        "agent.reply.events",
                        "channel.message.events",
                        "channel.webhook.events",
                        "platform.audit.events",
                        "platform.lifecycle.events",
                        "platform.audit.heads");
    }
}
