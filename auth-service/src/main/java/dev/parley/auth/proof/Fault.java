package dev.parley.auth.proof;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Something in a trail that is not as it was written.
 *
 * @param seq where: the first entry that is affected
 */
public record Fault(long seq, Kind kind) {
    /** What was done to the trail. */
    public enum Kind {
        /** The entry says something else than it did. */
        ALTERED("altered"),
        /** The entry is gone. */
        MISSING("missing"),
        /** The entry was put in later. */
        INSERTED("inserted"),
        /** The entry stands at another entry's place. */
        SWAPPED("swapped"),
        /** The trail ends before its signed head: this entry and all after it are gone. */
        TRUNCATED("truncated"),
        /** The entries from here on were replaced by others that fit together, or this one was, hash included. */
        REWRITTEN("rewritten"),
        /** A head of this entry is kept that Parley did not sign. */
        FORGED_HEAD("forged-head");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** The word on the wire. */
        @JsonValue
        public String word() {
            return word;
        }
    }
}
