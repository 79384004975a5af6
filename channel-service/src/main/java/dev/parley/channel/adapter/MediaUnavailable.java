package dev.parley.channel.adapter;

/** Something that a customer sent cannot be had. */
public class MediaUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean lasting;

    /**
     * Says why.
     *
     * @param lasting whether asking again is of no use
     */
    public MediaUnavailable(boolean lasting, String reason) {
        super(reason);
        this.lasting = lasting;
    }

    /** Whether asking again is of no use: it is gone, too large, or never was. */
    public boolean lasting() {
        return lasting;
    }
}
