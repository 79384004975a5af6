package dev.parley.agent.run;

import static dev.parley.agent.AgentFixtures.aTenant;
import static dev.parley.agent.AgentFixtures.aText;
import static dev.parley.agent.AgentFixtures.post;
import static dev.parley.agent.AgentFixtures.readyAgent;
import static dev.parley.agent.AgentFixtures.run;
import static dev.parley.agent.AgentFixtures.seen;
import static dev.parley.agent.AgentFixtures.service;
import static dev.parley.agent.AgentFixtures.value;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.agent.FakeVendors;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.ParleyTestResource;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a tenant sets of an agent keeps messages from the model, and costs nothing. */
@QuarkusTest
@QuarkusTestResource(ParleyTestResource.class)
@QuarkusTestResource(FakeVendors.class)
class IntakeIT {
    private static final List<String> ALWAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

    private final LocalDate later = LocalDate.now(ZoneOffset.UTC).plusDays(3);
    private TenantId tenant;
    private String agent;

    @BeforeEach
    void prepare() {
        tenant = aTenant();
        agent = readyAgent();
    }

    @Test
    void outsideOfItsHoursAnAgentAsksNoModelAndStoresNothing() {
        // Given
        String opening = later.getDayOfWeek().name().substring(0, 3).toLowerCase(Locale.ROOT);
        set(Map.of("schedule", schedule(List.of(opening), Map.of("text", "We are asleep.", "handoff", true))))
                .statusCode(200)
                .body("schedule.time_zone", equalTo("UTC"))
                .body("schedule.hours[0].days", contains(opening))
                .body("schedule.outside.text", equalTo("We are asleep."))
                .body("schedule.outside.handoff", equalTo(true));
        String text = aText("ok");
        Map<String, Object> request = run(agent, text);

        // When / Then
        post(tenant, request)
                .then()
                .statusCode(403)
                .body("code", equalTo("AGENT_CLOSED"))
                .body("text", equalTo("We are asleep."))
                .body("opens_at", equalTo(later + "T00:00:00Z"))
                .body("handoff", equalTo(true));
        Map<String, Object> ofCaller = run(agent, text);
        ofCaller.put("channel", "api");
        post(tenant, ofCaller).then().statusCode(403).body("handoff", nullValue());
        assertThat(stream(run(agent, text)))
                .contains("event:problem")
                .contains("\"code\":\"AGENT_CLOSED\"")
                .contains("\"text\":\"We are asleep.\"")
                .contains("\"opens_at\":\"" + later + "T00:00:00Z\"");
        assertThat(seen(text).path("calls").asInt()).isZero();
        assertThat(value("select count(*) from run where tenant_id = ?", tenant.value()))
                .isEqualTo("0");
        assertThat(post(aTenant(), run(agent, text)).statusCode())
                .as("of others nothing changes")
                .isEqualTo(200);
    }

    @Test
    void whatWasBegunWithinTheHoursIsBroughtToItsEnd() {
        // Given
        set(Map.of("schedule", schedule(ALWAYS, Map.of("handoff", true)))).statusCode(200);
        String text = aText("ok");
        Map<String, Object> answered = run(agent, text);
        Map<String, Object> failed = run(agent, aText("500"));
        post(tenant, answered).then().statusCode(200).body("text", equalTo("Echo: " + text));
        assertThat(post(tenant, failed).statusCode()).isEqualTo(502);

        // When
        set(Map.of("schedule", schedule(List.of(), Map.of("handoff", true)))).statusCode(200);

        // Then
        post(tenant, answered).then().statusCode(200).body("text", equalTo("Echo: " + text));
        assertThat(post(tenant, failed).statusCode()).as("tried again").isEqualTo(502);
        post(tenant, run(agent, aText("ok")))
                .then()
                .statusCode(403)
                .body("code", equalTo("AGENT_CLOSED"))
                .body("text", nullValue())
                .body("opens_at", nullValue());
        set(Map.of()).statusCode(200).body("schedule", nullValue());
        assertThat(post(tenant, run(agent, aText("ok"))).statusCode()).isEqualTo(200);
    }

    @Test
    void whatAnAgentIsSetToIgnoreIsNotAskedOfTheModel() {
        set(Map.of("filters", Map.of("ignore", List.of("job application"), "only_channels", List.of("web"))))
                .statusCode(200)
                .body("filters.ignore", contains("job application"))
                .body("filters.only_channels", contains("web"));
        String text = aText("ok");
        Map<String, Object> elsewhere = run(agent, text);
        elsewhere.put("channel", "whatsapp");

        post(tenant, run(agent, "My Job Application " + text))
                .then()
                .statusCode(403)
                .body("code", equalTo("MESSAGE_IGNORED"));
        post(tenant, elsewhere).then().statusCode(403).body("code", equalTo("CHANNEL_IGNORED"));
        assertThat(value("select count(*) from run where tenant_id = ?", tenant.value()))
                .isEqualTo("0");
        assertThat(post(tenant, run(agent, text)).statusCode()).isEqualTo(200);
    }

    @Test
    void whatMeansNothingCannotBeSet() {
        Map<String, Object> nowhere =
                Map.of("time_zone", "Mars/Olympus", "hours", List.of(), "outside", Map.of("handoff", true));
        set(Map.of("schedule", nowhere))
                .statusCode(422)
                .body("code", equalTo("CONFIGURATION_INVALID"))
                .body("detail", containsString("schedule.time_zone"));
        set(Map.of("schedule", schedule(ALWAYS, Map.of())))
                .statusCode(422)
                .body("detail", containsString("schedule.outside"));
        set(Map.of("schedule", schedule(List.of("monday"), Map.of("handoff", true))))
                .statusCode(422)
                .body("code", equalTo("VALIDATION_FAILED"));
        set(Map.of("schedule", Map.of("time_zone", "UTC"))).statusCode(422);
        set(Map.of("filters", Map.of("drop", List.of("x")))).statusCode(400);
    }

    private ValidatableResponse set(Map<String, ?> content) {
        return given().auth()
                .oauth2(TestTokens.member(tenant, "admin"))
                .contentType(ContentType.JSON)
                .body(content)
                .put("/api/v1/agents/{slug}/configuration", agent)
                .then();
    }

    private static Map<String, Object> schedule(List<String> days, Map<String, Object> outside) {
        List<Map<String, Object>> hours =
                days.isEmpty() ? List.of() : List.of(Map.of("days", days, "from", "00:00", "to", "24:00"));
        return Map.of("time_zone", "UTC", "hours", hours, "outside", outside);
    }

    private String stream(Map<String, Object> request) {
        return service(tenant)
                .accept("text/event-stream")
                .body(request)
                .post("/internal/runs")
                .then()
                .statusCode(200)
                .extract()
                .asString();
    }
}
