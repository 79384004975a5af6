package dev.parley.policy.decision;

import dev.parley.policy.engine.Standing;
import dev.parley.policy.engine.Terms;
import dev.parley.policy.engine.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * A verdict, and all that it was made from.
 *
 * @param standing where credits and quotas stood before it; null when nobody looked
 */
record Decided(
        Terms terms,
        int rulesVersion,
        Verdict verdict,
        @Nullable Standing standing) {}
