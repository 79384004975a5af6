package dev.parley.platform.address;

/** An address that must not be called; the message says why, without what a name server answered. */
public final class RefusedAddress extends Exception {
    private final boolean undecided;

    RefusedAddress(String reason) {
        this(reason, false);
    }

    private RefusedAddress(String reason, boolean undecided) {
        super(reason, null, false, false);
        this.undecided = undecided;
    }

    /** Nobody could be asked just now; it says nothing about the address. */
    static RefusedAddress notNow() {
        return new RefusedAddress("too many names are being looked up", true);
    }

    /** Whether only the moment was wrong: asked a little later, the same address may be good. */
    public boolean undecided() {
        return undecided;
    }
}
