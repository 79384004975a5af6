package dev.parley.policy.credit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.policy.engine.Standing;
import dev.parley.policy.engine.Standing.Counter;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AccountTest {
    @Test
    void whatIsSetAsideIsNotToBeHadServedOrNot() {
        Map<String, Counter> counters = Map.of("messages", new Counter(1, 2));
        Account account = new Account(3, new Standing(100, 70, 32, counters), 30, 12, true, 5, null);

        assertThat(account.committed()).isEqualTo(new Standing(100, 70, 50, counters));
    }
}
