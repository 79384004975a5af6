package dev.parley.policy.administrative;

import org.jspecify.annotations.Nullable;

/** The rules about changes by staff. Pure: figures in, verdict out. */
record AdministrativeRules(long fourEyesAbove, long most) {

    /**
     * What the rules say.
     *
     * @param remedy what to do about it; null when nothing is to be done
     */
    record Verdict(
            boolean allow,
            boolean approvalRequired,
            String reasonCode,
            String ruleId,
            @Nullable String remedy) {}

    /** Judges a change of that many credits, without a sign. */
    Verdict judge(long credits) {
        if (credits > most) {
            return new Verdict(
                    false,
                    false,
                    "ABOVE_MAXIMUM",
                    "administrative.maximum",
                    "At most %d credits can be changed at once.".formatted(most));
        }
        if (credits > fourEyesAbove) {
            return new Verdict(
                    true,
                    true,
                    "APPROVAL_REQUIRED",
                    "administrative.four-eyes",
                    "Another admin must agree: it is more than %d credits.".formatted(fourEyesAbove));
        }
        return new Verdict(true, false, "ALLOWED", "administrative.one-admin", null);
    }
}
