package dev.parley.policy.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.policy.simulation.SimulationResponse.TenantChange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MostChangedTest {
    @Test
    void keepsThoseThatChangeMostAndCountsAll() {
        List<TenantChange> changes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            changes.add(change(i, i / 2, i % 2 == 0 ? 10 : -30));
        }
        Collections.shuffle(changes, new Random(3));
        MostChanged most = new MostChanged(3);

        changes.forEach(most::add);

        assertThat(most.counted()).isEqualTo(20);
        assertThat(most.mostFirst())
                .extracting(change -> change.tenantId().getLeastSignificantBits())
                .containsExactly(19L, 18L, 17L);
    }

    private static TenantChange change(int tenant, long changed, long credits) {
        return new TenantChange(new UUID(0, tenant), "plan", 100, changed, 0, 0, 50, 50 + credits, List.of());
    }
}
