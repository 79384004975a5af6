package dev.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testing.PoolCrossing.Result;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoolCrossingIT {
    private static final int REQUESTS = 10_000;

    @Test
    void noCanaryCrossesAPoolOfFour() throws Exception {
        Result result =
                new PoolCrossing(TestDatabase.create("pool_crossing_it", PoolCrossing.CONNECTIONS)).run(REQUESTS);

        assertThat(result).isEqualTo(new Result(REQUESTS, 0, 1_429));
        WallReport.section(
                "Pool crossing",
                List.of(
                        "%,d requests of %d tenants over %d connections, %,d of them after a transaction that was aborted, timed out, was cancelled or lost its connection: each saw its own canary and nothing else. `dev.parley.testing.PoolCrossing 1000000` is the same a hundred times as long (`make bench`)."
                                .formatted(
                                        REQUESTS, PoolCrossing.TENANTS, PoolCrossing.CONNECTIONS, result.disturbed())));
    }
}
