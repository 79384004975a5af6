package dev.parley.agent.prompt.experiment;

import dev.parley.agent.prompt.split.FiguresService;
import dev.parley.platform.operation.Operation;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;

/** Looks at the watched versions again and again. */
@ApplicationScoped
class GuardWatch {
    private final GuardService guards;
    private final FiguresService figures;
    private final GuardConfig config;

    GuardWatch(GuardService guards, FiguresService figures, GuardConfig config) {
        this.guards = guards;
        this.figures = figures;
        this.config = config;
    }

    @Scheduled(
            every = "${agent.prompt.guard.every:2s}",
            delayed = "2s",
            identity = "prompt-guard",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void look() {
        Operation.enter(null);
        try {
            while (figures.settle(config.settledAfter()) > 0) {
                // the next ones
            }
            guards.look();
        } finally {
            Operation.leave();
        }
    }
}
