package dev.parley.agent.prompt.experiment;

import dev.parley.platform.operation.Operation;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;

/** Looks at the watched versions again and again. */
@ApplicationScoped
class GuardWatch {
    private final GuardService guards;

    GuardWatch(GuardService guards) {
        this.guards = guards;
    }

    @Scheduled(
            every = "${agent.prompt.guard.every:2s}",
            delayed = "2s",
            identity = "prompt-guard",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void look() {
        Operation.enter(null);
        try {
            guards.look();
        } finally {
            Operation.leave();
        }
    }
}
