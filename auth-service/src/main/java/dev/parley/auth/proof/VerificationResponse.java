package dev.parley.auth.proof;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a trail is as it was written.
 *
 * @param entries how many entries were read
 * @param head the newest head that Parley signed, or null when none was yet
 * @param faults what is wrong and where, the first hundred
 */
public record VerificationResponse(
        boolean intact,
        long entries,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable SignedHead head,
        List<Fault> faults) {}
