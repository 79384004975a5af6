package dev.parley.channel.otp;

import dev.parley.platform.problem.ProblemType;

/** Problems of sending one-time codes. */
public enum OtpProblem implements ProblemType {
    /** Too many codes were sent lately. */
    OTP_LIMIT_REACHED(429, "Too many codes were sent"),
    /** On this channel one can only write to who wrote before. */
    OTP_RECIPIENT_UNKNOWN(409, "This person has not written to the channel yet"),
    /** The recipient wrote too long ago for the channel to take a code. */
    OTP_WINDOW_CLOSED(409, "The channel takes no code for this person now");

    private final int status;
    private final String title;

    OtpProblem(int status, String title) {
        this.status = status;
        this.title = title;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}
