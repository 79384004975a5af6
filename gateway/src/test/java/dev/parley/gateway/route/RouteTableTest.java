package dev.parley.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {

    /** The table of docs/internal-contract.md, against the configuration that ships. */
    @ParameterizedTest
    @CsvSource({
        "/api/v1/auth/login,auth,login",
        "/api/v1/auth/other,auth,identity",
        "/auth/login,auth,browser-login",
        "/auth/callback,auth,browser-login",
        "/api/v1/me,auth,identity",
        "/api/v1/tenant,auth,identity",
        "/api/v1/members/1,auth,identity",
        "/api/v1/invitations/abc/acceptance,auth,identity",
        "/api/v1/api-keys/1,auth,identity",
        "/api/v1/audit-log,auth,downloads",
        "/api/v1/admin/tenants,auth,identity",
        "/api/v1/admin/tenants/1,auth,identity",
        "/api/v1/admin/tenants/1/suspension,auth,identity",
        "/api/v1/admin/tenants/1/usage,billing,billing",
        "/api/v1/admin/tenants/1/subscription,billing,billing",
        "/api/v1/admin/tenants/1/credit-adjustments,billing,billing",
        "/api/v1/admin/tenants/1/usage-refunds,billing,billing",
        "/api/v1/admin/tenants/1/ledger/verification,billing,billing",
        "/api/v1/admin/approvals/1/approval,billing,billing",
        "/api/v1/admin/reconciliations/1/repair,billing,billing",
        "/api/v1/credits/history,billing,billing",
        "/api/v1/credits/history/verification,billing,billing",
        "/api/v1/admin/tenants/1/agents,agent,agents",
        "/api/v1/policy/explain,policy,policy",
        "/api/v1/policy/decisions/1,policy,policy",
        "/api/v1/policy/simulate,policy,simulation",
        "/api/v1/admin/policy-rules/1/activation,policy,policy",
        "/api/v1/credits,policy,policy",
        "/api/v1/plans,billing,plans",
        "/api/v1/checkout,billing,billing",
        "/api/v1/usage/summary,billing,usage",
        "/api/v1/customer-invoices/1/issue,billing,billing",
        "/api/v1/billing-profile,billing,billing",
        "/api/v1/admin/plans/pro/agents,billing,billing",
        "/webhooks/stripe,billing,payment-webhooks",
        "/webhooks/razorpay,billing,payment-webhooks",
        "/checkout/razorpay/sub_1,billing,payment-pages",
        "/checkout/razorpay/sub_1/return,billing,payment-pages",
        "/api/v1/agents,agent,agents",
        "/api/v1/admin/agents/1/prompt-versions/2/activation,agent,agents",
        "/api/v1/admin/providers,agent,agents",
        "/api/v1/provider-keys/1,agent,agents",
        "/api/v1/tools,agent,agents",
        "/api/v1/tools/1,agent,agents",
        "/api/v1/tool-approvals/1/approve,agent,approvals",
        "/api/v1/runs/1/rerun,agent,runs",
        "/api/v1/conversations,channel,conversations",
        "/api/v1/conversations/1/messages,channel,messages",
        "/api/v1/channels/1,channel,conversations",
        "/api/v1/webhook-endpoints/1/deliveries,channel,conversations",
        "/api/v1/drafts/decisions,channel,conversations",
        "/api/v1/review-rules/concierge/telegram,channel,conversations",
        "/api/v1/operations/1,channel,conversations",
        "/api/v1/otp/1/checks,channel,conversations",
        "/api/v1/stream,channel,stream",
        "/v1/chat/completions,channel,openai",
        "/v1/models,channel,openai",
        "/api/v1/messages,channel,conversations",
        "/api/v1/media/1,channel,media",
        "/webhooks/telegram/1,channel,messenger-webhooks",
        "/webhooks/whatsapp/1,channel,messenger-webhooks",
        "/webhooks/twilio/1/sms,channel,messenger-webhooks",
        "/webhooks/a-seventh-messenger/1,channel,messenger-webhooks"
    })
    void everyPathHasItsService(String path, String service, String route) throws IOException {
        Route found = table(Map.of()).find(path);

        assertThat(found.service()).isEqualTo(service);
        assertThat(found.name()).isEqualTo(route);
    }

    @ParameterizedTest
    @CsvSource({
        "/",
        "/internal/decisions",
        "/checkout",
        "/api/v1",
        "/api/v1/plansx",
        "/api",
        "/q/health",
        "/console/",
        "/v1"
    })
    void otherPathsHaveNone(String path) throws IOException {
        assertThat(table(Map.of()).find(path)).isNull();
    }

    @Test
    void twoRoutesWithOnePathAreRefusedAtStart() {
        assertThatThrownBy(() -> table(Map.of(
                        "gateway.route.rules.twice.paths", "/api/v1/me", "gateway.route.rules.twice.service", "auth")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("/api/v1/me")
                .hasMessageContaining("twice");
    }

    @Test
    void routeToAnUnknownServiceIsRefusedAtStart() {
        assertThatThrownBy(() -> table(Map.of(
                        "gateway.route.rules.lost.paths", "/lost", "gateway.route.rules.lost.service", "nowhere")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("gateway.route.services.nowhere");
    }

    private static RouteTable table(Map<String, String> more) throws IOException {
        Map<String, String> values = new HashMap<>(more);
        values.put("PARLEY_SERVICE_SECRET", "x");
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(
                        Objects.requireNonNull(RouteTableTest.class.getResource("/application.properties"))))
                .withSources(new PropertiesConfigSource(values, "test", 1000))
                .withConverter(
                        io.quarkus.runtime.configuration.MemorySize.class,
                        100,
                        new io.quarkus.runtime.configuration.MemorySizeConverter())
                .withConverter(java.time.Duration.class, 200, new io.quarkus.runtime.configuration.DurationConverter())
                .addDefaultInterceptors()
                .withMapping(RouteConfig.class)
                .build();
        return new RouteTable(config.getConfigMapping(RouteConfig.class));
    }
}
