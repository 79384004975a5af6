package dev.parley.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private final Deadlines deadlines = new Deadlines();
    private final List<String> expired = new ArrayList<>();

    @Test
    void onlyWhatIsOverdueExpiresAndOnlyOnce() {
        Recorded early = at("early", 10);
        Recorded late = at("late", 30);
        Recorded removed = at("removed", 10);
        Recorded earlyToo = at("early too", 15);
        deadlines.remove(removed);
        deadlines.remove(removed);

        deadlines.sweep(20);
        deadlines.sweep(20);

        assertThat(expired).containsExactlyInAnyOrder("early", "early too");
        assertThat(deadlines.size()).isEqualTo(1);
        late.at(100);
        deadlines.sweep(50);
        assertThat(expired).hasSize(2);
        deadlines.sweep(101);
        assertThat(expired).contains("late");
        assertThat(deadlines.size()).isZero();
    }

    @Test
    void expiryMayRemoveOthers() {
        Recorded victim = at("victim", 10);
        var first = new Deadlines.Deadline() {
            @Override
            void expired() {
                deadlines.remove(victim);
                expired.add("first");
            }
        };
        first.at(10);
        deadlines.add(first);

        deadlines.sweep(20);

        assertThat(expired).containsExactly("first");
        assertThat(deadlines.size()).isZero();
    }

    private Recorded at(String name, long time) {
        var recorded = new Recorded(name);
        recorded.at(time);
        deadlines.add(recorded);
        return recorded;
    }

    private final class Recorded extends Deadlines.Deadline {
        private final String name;

        Recorded(String name) {
            this.name = name;
        }

        @Override
        void expired() {
            expired.add(name);
        }
    }
}
