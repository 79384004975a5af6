package dev.parley.platform.metric;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricLabelsTest {
    @ParameterizedTest
    @CsvSource({
        "/api/v1/conversations, /api/v1/conversations",
        "/v1/chat/completions, /v1/chat/completions",
        "/api/v1/admin/agents/{id}/prompt-versions/{number: \\d{1}}, /api/v1/admin/agents/{id}/prompt-versions/{number: \\d{1}}",
        "/api/v1/admin/tenants/01a1fc15-8cae-76e1-af95-66cac44eb5a3/agents, /api/v1/admin/tenants/{id}/agents",
        "/api/v1/invitations/q7Rt_w-0aZ/acceptance, /api/v1/invitations/{id}/acceptance",
        "/api/v1/members/42, /api/v1/members/{id}",
        "NOT_FOUND, NOT_FOUND"
    })
    void aPathIsCountedWithoutItsIds(String sent, String counted) {
        assertThat(MetricLabels.withoutIds(sent)).isEqualTo(counted);
    }
}
