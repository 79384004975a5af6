package dev.parley.billing.ledger;

import static dev.parley.billing.ledger.LedgerAccount.AVAILABLE;
import static dev.parley.billing.ledger.LedgerAccount.CONSUMED;
import static dev.parley.billing.ledger.LedgerAccount.EXPIRED;
import static dev.parley.billing.ledger.LedgerAccount.GRANTED;
import static dev.parley.billing.ledger.LedgerAccount.REPAIRED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What each kind of transfer moves, and under which name. */
class LedgerTransferKindsTest {
    private static final Instant AT = Instant.parse("2026-11-20T00:00:00Z");
    private static final UUID CAUSE = UUID.fromString("00000000-0000-7000-8000-000000000001");
    private static final UUID OPERATION = UUID.fromString("00000000-0000-7000-8000-000000000002");

    @Test
    void eachKindMovesBetweenItsTwoAccounts() {
        assertThat(LedgerTransfer.grant(CAUSE, 5, AT))
                .isEqualTo(new LedgerTransfer("grant:" + CAUSE, "grant", GRANTED, AVAILABLE, 5, null, AT));
        assertThat(LedgerTransfer.usage(OPERATION, 5, AT))
                .isEqualTo(new LedgerTransfer("usage:" + OPERATION, "usage", AVAILABLE, CONSUMED, 5, OPERATION, AT));
        assertThat(LedgerTransfer.expiry(CAUSE, 5, AT))
                .isEqualTo(new LedgerTransfer("expiry:" + CAUSE, "expiry", AVAILABLE, EXPIRED, 5, null, AT));
        assertThat(LedgerTransfer.partRefund(CAUSE, 5, AT))
                .isEqualTo(new LedgerTransfer(
                        "payment-refund:" + CAUSE, "payment-refund", AVAILABLE, GRANTED, 5, null, AT));
        assertThat(LedgerTransfer.refund(CAUSE, OPERATION, 5, AT))
                .isEqualTo(new LedgerTransfer("refund:" + CAUSE, "refund", CONSUMED, AVAILABLE, 5, OPERATION, AT));
        assertThat(LedgerTransfer.correction(CAUSE, 5, AT))
                .isEqualTo(new LedgerTransfer("correction:" + CAUSE, "correction", AVAILABLE, GRANTED, 5, null, AT));
    }

    @Test
    void aRepairMovesTheAccountByTheDifferenceAndNothingElse() {
        for (long difference : new long[] {7, -7}) {
            LedgerTransfer repair = LedgerTransfer.repair(CAUSE, AVAILABLE, difference, AT);

            assertThat(repair.sourceKey()).isEqualTo("repair:" + CAUSE);
            assertThat(repair.kind()).isEqualTo("repair");
            assertThat(repair.operationId()).isNull();
            assertThat(repair.occurredAt()).isEqualTo(AT);
            assertThat(repair.effectOn(AVAILABLE)).isEqualTo(difference);
            assertThat(repair.effectOn(REPAIRED)).isEqualTo(-difference);
            assertThat(Arrays.stream(LedgerAccount.values())
                            .mapToLong(repair::effectOn)
                            .sum())
                    .isZero();
            assertThat(repair.effectOn(CONSUMED)).isZero();
        }
    }

    @Test
    void aDifferenceThatHasNoPositiveIsRefused() {
        assertThatThrownBy(() -> LedgerTransfer.repair(CAUSE, AVAILABLE, Long.MIN_VALUE, AT))
                .isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> LedgerTransfer.repair(CAUSE, AVAILABLE, 0, AT))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTransferNeedsTwoAccountsAndMoreThanNothing() {
        assertThatThrownBy(() -> new LedgerTransfer("k", "grant", AVAILABLE, AVAILABLE, 1, null, AT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("AVAILABLE");
        assertThatThrownBy(() -> new LedgerTransfer("k", "grant", GRANTED, AVAILABLE, 0, null, AT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith(": 0");
        assertThat(new LedgerTransfer("k", "grant", GRANTED, AVAILABLE, 1, null, AT).credits())
                .isEqualTo(1);
    }

    @Test
    void accountsKeepTheNamesThatAreInTheBooks() {
        assertThat(Arrays.stream(LedgerAccount.values()).map(LedgerAccount::code))
                .containsExactly(
                        "credits:granted",
                        "credits:available",
                        "credits:consumed",
                        "credits:expired",
                        "credits:repaired");
    }
}
