package dev.parley.auth.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TenantStatusTest {
    private static final Set<String> LEGAL = Set.of(
            "pending trial",
            "pending active",
            "pending suspended",
            "pending deleted",
            "pending erasing",
            "trial active",
            "trial suspended",
            "trial deleted",
            "trial erasing",
            "active trial",
            "active suspended",
            "active deleted",
            "active erasing",
            "suspended pending",
            "suspended trial",
            "suspended active",
            "deleted pending",
            "deleted trial",
            "deleted active",
            "deleted erasing",
            "erasing erased");

    @Test
    void ofAllPairsExactlyTheLegalOnesAreAllowed() {
        Set<String> allowed = Stream.of(TenantStatus.values())
                .flatMap(from -> Stream.of(TenantStatus.values())
                        .filter(from::mayBecome)
                        .map(to -> from.word() + " " + to.word()))
                .collect(Collectors.toSet());

        assertThat(allowed).isEqualTo(LEGAL);
    }

    @Test
    void whatIsBeingErasedNeverWorksAgain() {
        assertThat(reachable(TenantStatus.ERASING)).containsExactly(TenantStatus.ERASED);
        assertThat(reachable(TenantStatus.ERASED)).isEmpty();
        Arrays.stream(TenantStatus.values())
                .filter(status -> status != TenantStatus.ERASING && status != TenantStatus.ERASED)
                .forEach(status -> assertThat(reachable(status)).contains(TenantStatus.ACTIVE, TenantStatus.ERASED));
    }

    @Test
    void onlyPendingTrialAndActiveWork() {
        assertThat(Stream.of(TenantStatus.values()).filter(TenantStatus::works))
                .containsExactly(TenantStatus.PENDING, TenantStatus.TRIAL, TenantStatus.ACTIVE);
    }

    private static Set<TenantStatus> reachable(TenantStatus from) {
        Set<TenantStatus> seen = EnumSet.noneOf(TenantStatus.class);
        Deque<TenantStatus> open = new ArrayDeque<>(Set.of(from));
        while (!open.isEmpty()) {
            TenantStatus status = open.pop();
            Arrays.stream(TenantStatus.values())
                    .filter(status::mayBecome)
                    .filter(seen::add)
                    .forEach(open::push);
        }
        return seen;
    }
}
