package dev.parley.billing.refund;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class RefundShareTest {
    private static final long MOST = 1_000_000_000_000L;

    @Example
    void theUnspentShareGoesBackRoundedDown() {
        assertThat(RefundShare.of(10_000, 3, 1)).isEqualTo(3_333);
        assertThat(RefundShare.of(10_000, 3, 3)).isEqualTo(10_000);
        assertThat(RefundShare.of(10_000, 3, 0)).isZero();
        assertThat(RefundShare.of(MOST, MOST, MOST)).isEqualTo(MOST);
    }

    @Example
    void moreThanTheLotIsAnError() {
        assertThatThrownBy(() -> RefundShare.of(10, 5, 6)).isInstanceOf(IllegalArgumentException.class);
    }

    /** What was used and what goes back are never worth more than what was paid. */
    @Property
    void nobodyGainsByARefund(
            @ForAll @LongRange(min = 0, max = MOST) long paid,
            @ForAll @LongRange(min = 1, max = MOST) long credits,
            @ForAll @LongRange(min = 0, max = MOST) long spent) {
        long unspent = credits - Math.min(spent, credits);

        long back = RefundShare.of(paid, credits, unspent);

        assertThat(back).isBetween(0L, paid);
        assertThat(back + RefundShare.of(paid, credits, credits - unspent)).isLessThanOrEqualTo(paid);
    }
}
