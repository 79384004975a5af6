package dev.parley.platform.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.tenancy.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SweepTest {
    private final TenantId first = new TenantId(new UUID(0, 1));
    private final TenantId broken = new TenantId(new UUID(0, 2));
    private final TenantId last = new TenantId(new UUID(0, 3));

    @Test
    void whoFailsKeepsNobodyBehindFromATurn() {
        List<TenantId> done = new ArrayList<>();

        boolean all = Sweep.each(List.of(first, broken, last), tenant -> {
            if (tenant.equals(broken)) {
                throw new IllegalStateException("its row is locked");
            }
            done.add(tenant);
        });

        assertThat(done).containsExactly(first, last);
        assertThat(all).isFalse();
    }

    @Test
    void saysWhenAllOfItWasDone() {
        assertThat(Sweep.each(List.of(first, last), tenant -> {})).isTrue();
    }
}
