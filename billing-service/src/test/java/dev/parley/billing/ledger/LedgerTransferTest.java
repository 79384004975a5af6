package dev.parley.billing.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerTransferTest {
    private static final Instant NOW = Instant.parse("2026-11-20T00:00:00Z");
    private static final UUID LOT = UUID.fromString("00000000-0000-7000-8000-000000000001");

    @Test
    void everyTransferSumsToZeroOverAllAccounts() {
        List<LedgerTransfer> transfers = List.of(
                LedgerTransfer.grant(LOT, 1_000, NOW),
                LedgerTransfer.usage(LOT, 7, NOW),
                LedgerTransfer.expiry(LOT, 993, NOW),
                LedgerTransfer.paymentRefund(LOT, 12, NOW));

        assertThat(transfers).allSatisfy(transfer -> assertThat(Arrays.stream(LedgerAccount.values())
                        .mapToLong(transfer::effectOn)
                        .sum())
                .isZero());
        assertThat(transfers.stream()
                        .mapToLong(transfer -> transfer.effectOn(LedgerAccount.AVAILABLE))
                        .toArray())
                .containsExactly(1_000, -7, -993, -12);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void nothingIsNoTransfer(long credits) {
        assertThatThrownBy(() -> LedgerTransfer.grant(LOT, credits, NOW)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theSameSourceHasTheSameKey() {
        assertThat(LedgerTransfer.grant(LOT, 5, NOW).sourceKey()).isEqualTo("grant:" + LOT);
        assertThat(LedgerTransfer.expiry(LOT, 5, NOW).sourceKey()).isEqualTo("expiry:" + LOT);
        assertThat(LedgerTransfer.paymentRefund(LOT, 5, NOW).sourceKey()).isEqualTo("expiry:" + LOT);
    }
}
