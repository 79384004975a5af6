package dev.parley.platform.mail;

/** A mail that the server did not take. */
final class MailNotSent extends Exception {
    private final boolean forGood;

    MailNotSent(boolean forGood, Throwable cause) {
        super(cause.getMessage(), cause);
        this.forGood = forGood;
    }

    /** Whether trying again is of no use. */
    boolean forGood() {
        return forGood;
    }
}
