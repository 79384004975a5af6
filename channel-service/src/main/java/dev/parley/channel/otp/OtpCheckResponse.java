package dev.parley.channel.otp;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Whether what was typed is the code. A code that is wrong, over, used, replaced or tried too often is refused alike.
 *
 * @param triesLeft how often this code may still be tried
 */
public record OtpCheckResponse(
        @Schema(enumeration = {"approved", "refused"}) String outcome, int triesLeft) {
    static OtpCheckResponse approved() {
        return new OtpCheckResponse("approved", 0);
    }

    static OtpCheckResponse refused(int triesLeft) {
        return new OtpCheckResponse("refused", triesLeft);
    }
}
