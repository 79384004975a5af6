package dev.parley.agent.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.agent.provider.LlmEndpoint;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmMessage.Role;
import dev.parley.agent.provider.LlmReply;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.agent.provider.LlmTarget;
import dev.parley.platform.tenancy.TenantId;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SpentTest {
    private static final LlmTarget OURS = target(new LlmEndpoint("p", "demo", null, null, null));
    private static final LlmTarget THEIRS =
            target(new LlmEndpoint("p", "demo", null, null, null).withKey(new TenantId(UUID.randomUUID()), "sk"));

    @Test
    void eachModelAndPayerIsCountedApart() {
        Spent spent = with(with(with(Spent.NOTHING, OURS), THEIRS), OURS);

        assertThat(spent.parts())
                .containsExactly(
                        new Spent.Part("p", "m-1", "platform", 20, 6, false),
                        new Spent.Part("p", "m-1", "tenant", 10, 3, false));
        assertThat(spent.usage()).isEqualTo(new RunResult.Usage(30, 9, false));
        assertThat(spent.tokens()).isEqualTo(39);
    }

    @Test
    void aTenantPaysForAllWithItsOwnKeysOrNotAtAll() {
        assertThat(Spent.NOTHING.keyOwner()).isEqualTo("platform");
        assertThat(with(Spent.NOTHING, THEIRS).keyOwner()).isEqualTo("tenant");
        assertThat(with(with(Spent.NOTHING, OURS), THEIRS).keyOwner()).isEqualTo("platform");
    }

    private static Spent with(Spent before, LlmTarget by) {
        LlmRequest asked = new LlmRequest("m", List.of(LlmMessage.of(Role.USER, "Hi")), null, null, List.of());
        return before.and(by, asked, new LlmReply("Yes", "m-1", "stop", new LlmReply.Usage(10, 3)));
    }

    private static LlmTarget target(LlmEndpoint endpoint) {
        return new LlmTarget(endpoint, "m");
    }
}
