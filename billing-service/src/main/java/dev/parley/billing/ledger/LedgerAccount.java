package dev.parley.billing.ledger;

/** The accounts that every tenant has; together they always sum to zero. */
public enum LedgerAccount {
    /** Where credits come from: minus everything ever granted, less what was taken back. */
    GRANTED("credits:granted"),
    /** What can be spent: granted less consumed and expired; below zero is a debt from overage. */
    AVAILABLE("credits:available"),
    /** What was used. */
    CONSUMED("credits:consumed"),
    /** What was left in lots that ended. */
    EXPIRED("credits:expired"),
    /** What reconciliation put right: the other side of repairs. */
    REPAIRED("credits:repaired");

    private final String code;

    LedgerAccount(String code) {
        this.code = code;
    }

    /** The account's name in the ledger. */
    public String code() {
        return code;
    }
}
