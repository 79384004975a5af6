package dev.parley.agent.prompt;

import static dev.parley.agent.AgentFixtures.aSlug;
import static dev.parley.agent.AgentFixtures.aTenant;
import static dev.parley.agent.AgentFixtures.activate;
import static dev.parley.agent.AgentFixtures.createAgent;
import static dev.parley.agent.AgentFixtures.draft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parley.agent.FakeVendors;
import dev.parley.agent.catalogue.AgentService;
import dev.parley.agent.configuration.ConfigurationService;
import dev.parley.agent.prompt.split.Experiments;
import dev.parley.agent.providerkey.ProviderKeyService;
import dev.parley.platform.data.Database;
import dev.parley.platform.data.Work;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.ParleyTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ParleyTestResource.class)
@QuarkusTestResource(FakeVendors.class)
class PromptSelectionIT {
    @Inject
    Database database;

    @Inject
    AgentService agents;

    @Inject
    PromptRepository prompts;

    @Inject
    Experiments experiments;

    @Inject
    PromptLoader loader;

    @Inject
    ConfigurationService configurations;

    @Inject
    CustomPromptsFlow customPrompts;

    @Inject
    ProviderKeyService keys;

    @Inject
    PromptConfig config;

    @Test
    void aVersionThatWasReadBeforeAChangeIsNotKeptBehindIt() throws Exception {
        // Given an agent that is asked for the first time, and a second version that comes once the first was read
        TenantId tenant = aTenant();
        String slug = aSlug("changing");
        String id = createAgent(slug);
        activate(id, draft(id, Map.of("system_prompt", "One", "provider", "demo")));
        int second = draft(id, Map.of("system_prompt", "Two", "provider", "demo"));
        SlowReading slow = new SlowReading(database);
        PromptSelection selection = selection(slow);
        FutureTask<Integer> asked =
                new FutureTask<>(() -> selection.select(tenant, slug, null).number());
        Thread.ofVirtual().start(asked);
        assertThat(slow.hasRead.await(60, TimeUnit.SECONDS)).isTrue();

        // When
        activate(id, second);
        selection.evict();
        slow.goOn.countDown();

        // Then who asked before may be answered by the first, and nobody after
        assertThat(asked.get(60, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(selection.select(tenant, slug, null).number()).isEqualTo(second);
    }

    @Test
    void anAgentThatIsNotReadyIsAskedForAgain() {
        TenantId tenant = aTenant();
        String slug = aSlug("unready");
        String id = createAgent(slug);
        PromptSelection selection = selection(database);
        assertThat(catchThrowableOfType(Problem.class, () -> selection.select(tenant, slug, null))
                        .type())
                .isEqualTo(PromptProblem.AGENT_NOT_READY);

        activate(id, draft(id, Map.of("system_prompt", "One", "provider", "demo")));

        assertThat(selection.select(tenant, slug, null).number()).isEqualTo(1);
    }

    private PromptSelection selection(Database of) {
        return new PromptSelection(
                of, agents, prompts, experiments, loader, configurations, customPrompts, keys, config);
    }

    /** Keeps what was read of the platform for the first time to itself for a while. */
    private static final class SlowReading extends Database {
        private final Database database;
        private final AtomicBoolean first = new AtomicBoolean(true);
        private final CountDownLatch hasRead = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);

        SlowReading(Database database) {
            this.database = database;
        }

        @Override
        public <T> T inTenant(TenantId tenant, Work<T> work) {
            T read = database.inTenant(tenant, work);
            if (tenant.equals(TenantId.PLATFORM) && first.getAndSet(false)) {
                hasRead.countDown();
                try {
                    assertThat(goOn.await(60, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException stopped) {
                    throw new IllegalStateException(stopped);
                }
            }
            return read;
        }
    }
}
