package dev.parley.policy.hold;

/** Two transactions placed the hold of one operation at the same moment: the loser rolls back and asks again. */
public final class HoldCollision extends RuntimeException {
    HoldCollision() {
        super("the hold was placed by another transaction", null, false, false);
    }
}
