package dev.parley.agent.prompt.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parley.platform.tenancy.TenantId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ExperimentTest {
    private static final TenantId TENANT = new TenantId(UUID.fromString("0190abcd-0000-7000-8000-000000000001"));

    @Test
    void aConversationKeepsItsArmAndTheArmsKeepTheirShares() {
        // Given shares of 70, 20 and 10 %
        Experiment experiment = experiment(new UUID(1, 1), 7, 2, 1);

        // When
        Map<Integer, Integer> counted = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            String conversation = "conversation-" + i;
            Arm arm = experiment.armOf(TENANT, conversation);
            for (int again = 0; again < 3; again++) {
                assertThat(experiment.armOf(TENANT, conversation)).isEqualTo(arm);
            }
            counted.merge(arm.number(), 1, Integer::sum);
        }

        // Then
        assertThat(counted.get(1) / 10_000.0).isCloseTo(0.7, within(0.02));
        assertThat(counted.get(2) / 10_000.0).isCloseTo(0.2, within(0.02));
        assertThat(counted.get(3) / 10_000.0).isCloseTo(0.1, within(0.02));
    }

    @Test
    void anotherExperimentDrawsAnew() {
        Experiment one = experiment(new UUID(1, 2), 1, 1);
        Experiment other = experiment(new UUID(1, 3), 1, 1);
        int same = 0;
        for (int i = 0; i < 10_000; i++) {
            String conversation = "conversation-" + i;
            same += one.armOf(TENANT, conversation).number()
                            == other.armOf(TENANT, conversation).number()
                    ? 1
                    : 0;
        }
        assertThat(same / 10_000.0).isCloseTo(0.5, within(0.02));
    }

    @Test
    void theDrawIsTheSameOnEveryReplicaAndForEver() {
        Experiment experiment = experiment(UUID.fromString("0190abcd-0000-7000-8000-00000000000e"), 1, 1);
        StringBuilder drawn = new StringBuilder();
        for (int i = 0; i < 16; i++) {
            drawn.append(experiment.armOf(TENANT, "conversation-" + i).number());
        }
        assertThat(drawn).hasToString("1121111122121121");
    }

    @Test
    void withoutAConversationTheControlAnswers() {
        assertThat(experiment(UUID.randomUUID(), 1, 1000).armOf(TENANT, null).number())
                .isOne();
    }

    private static Experiment experiment(UUID id, int... weights) {
        List<Arm> arms = new java.util.ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            arms.add(new Arm(i + 1, new UUID(0, i + 1), weights[i], i == 0));
        }
        return new Experiment(
                id, UUID.randomUUID(), "x", "running", arms, List.of(), 50, null, null, Instant.EPOCH, "a", null, null);
    }
}
