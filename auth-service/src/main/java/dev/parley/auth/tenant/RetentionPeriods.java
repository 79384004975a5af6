package dev.parley.auth.tenant;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** For how many days which kind of a tenant's data is kept. */
final class RetentionPeriods {
    static final List<String> KINDS = List.of("audit", "conversations", "events", "runs", "usage");
    static final int LONGEST_DAYS = 3650;

    private RetentionPeriods() {}

    /** What holds after a change: a kind with days is set, one with null is kept for good, the others stay. */
    static SortedMap<String, Integer> changed(
            SortedMap<String, Integer> before, @Nullable Map<String, @Nullable Integer> change) {
        SortedMap<String, Integer> after = new TreeMap<>(before);
        if (change != null) {
            change.forEach((kind, days) -> {
                if (days == null) {
                    after.remove(kind);
                } else {
                    after.put(kind, days);
                }
            });
        }
        return Collections.unmodifiableSortedMap(after);
    }

    /** All kinds, those that are kept for good with null. */
    static SortedMap<String, @Nullable Integer> whole(SortedMap<String, Integer> retention) {
        SortedMap<String, @Nullable Integer> all = new TreeMap<>();
        KINDS.forEach(kind -> all.put(kind, retention.get(kind)));
        return all;
    }
}
