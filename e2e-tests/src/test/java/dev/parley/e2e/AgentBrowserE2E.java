package dev.parley.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.sun.net.httpserver.HttpServer;
import dev.parley.e2e.support.Chromium;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Plans;
import dev.parley.e2e.support.Simulators;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * What a tenant does with an agent in a browser: it configures it, writes a prompt of its own, brings its own key, gives it
 * a function and hours, and allows what it wants to do.
 */
@Order(9)
class AgentBrowserE2E {
    private static final String SCHEMA = """
            {"type": "object", "properties": {"order": {"type": "integer"}, "note": {"type": "string"}},
             "required": ["order"], "additionalProperties": false}""";
    private static final String ARGUMENTS =
            "{\"note\": \"<img src=x onerror=alert(1)> \\u202eever\", \"order\": 12345678901234567890}";

    private final String mark = UUID.randomUUID().toString().substring(0, 8);

    @AfterEach
    void forgetReplies() {
        Simulators.api().delete("/_control/llm/replies");
    }

    @Test
    void aTenantConfiguresAnAgentWritesItsOwnPromptAndBringsItsOwnKey() {
        // Given a model that keeps the rule only when the prompt says it
        Simulators.api()
                .put(
                        "/_control/llm/replies",
                        List.of(Map.of("match", "rule-" + mark, "text", "Refunds within 14 days.")));
        Customer customer = Customer.signUp("Analytical Engines").subscribe(Plans.withCustomPrompts());
        try (Chromium chromium = new Chromium()) {
            Page page = chromium.stranger();
            Chromium.signIn(page, customer, "/console/agents");
            configure(page);
            page.getByRole(AriaRole.TAB, exactly("Your own prompt")).click();
            golden(page);
            assertThat(version(page, 1)).isHidden();
            draft(page, "You are kind.");
            assertThat(version(page, 1)).containsText("draft");

            // When it is activated untried, tried in vain, and mended
            act(page, "Activate… version 1");
            confirm(page, "Activate");
            assertThat(dialog(page)).containsText("has not passed");
            close(page);
            trial(page, 1, "failed");
            draftFrom(page, "Edit version 1", "You are kind. rule-" + mark);
            trial(page, 1, "passed");
            Chromium.shot(page, "own-prompt-trial");
            close(page);
            activate(page, 1);

            // Then it answers, a second one is compared, activated and taken back
            assertThat(customer.say(customer.conversation("concierge"), "My money?")
                            .expect(201)
                            .at("/reply/text")
                            .asText())
                    .isEqualTo("Refunds within 14 days.");
            draftFrom(page, "New draft from version 1", "You are kind and short. rule-" + mark);
            act(page, "Compare version 2");
            assertThat(dialog(page)).containsText("+You are kind and short. rule-" + mark);
            Chromium.shot(page, "own-prompt-diff");
            close(page);
            trial(page, 2, "passed");
            close(page);
            activate(page, 2);
            page.getByRole(AriaRole.BUTTON, exactly("Roll back…")).click();
            confirm(page, "Roll back");
            assertThat(page.getByText("Version 1 answers again.")).isVisible();
            assertThat(version(page, 1)).containsText("active");
            Chromium.shot(page, "own-prompt");

            keys(page);
            assertThat(chromium.complaints()).isEmpty();
        }
    }

    @Test
    void anAdminAddsAFunctionSetsHoursAndApprovesWhatTheAgentWants() throws IOException {
        // Given a system of the tenant's, and a model that wants to refund with it
        List<JsonNode> asked = new CopyOnWriteArrayList<>();
        HttpServer shop = shop(asked);
        Simulators.api()
                .put(
                        "/_control/llm/replies",
                        List.of(Map.of(
                                "match",
                                "refund-" + mark,
                                "text",
                                "Somebody looks at it.",
                                "tool_calls",
                                List.of(Map.of("name", "refund_order", "arguments", ARGUMENTS)))));
        Customer customer = Customer.signUp("Analytical Engines").subscribe(Plans.withCredits(100));
        try (Chromium chromium = new Chromium()) {
            Page page = chromium.stranger();
            Chromium.signIn(page, customer, "/console/functions");
            addFunction(page, "http://127.0.0.1:" + shop.getAddress().getPort() + "/refund");
            grantWithHours(page);
            assertThat(customer.api()
                            .get("/api/v1/agents/concierge/configuration")
                            .expect(200)
                            .at("/schedule/hours/0/to")
                            .asText())
                    .isEqualTo("24:00");
            page.getByRole(AriaRole.LINK, exactly("Approvals")).click();
            assertThat(page.getByText("Nothing waits for you.")).isVisible();

            // When a customer asks, it waits without a reload, with all that would be sent
            customer.say(customer.conversation("concierge"), "refund-" + mark).expect(201);
            Locator wish = page.getByRole(AriaRole.ARTICLE, exactly("refund_order for concierge"));
            assertThat(wish).containsText("12345678901234567890");
            assertThat(wish).containsText("<img src=x onerror=alert(1)>");
            assertThat(wish).containsText("\\u202e");
            Chromium.shot(page, "approvals");
            assertThat(asked).isEmpty();
            act(page, "Approve refund_order");
            assertThat(dialog(page).getByRole(AriaRole.GROUP, named("Arguments of refund_order")))
                    .containsText("12345678901234567890");
            Chromium.shot(page, "approval");
            confirm(page, "Approve");

            // Then exactly that was done, once, and stands there with who allowed it
            assertThat(page.getByText("refund_order was carried out.")).isVisible();
            assertThat(page.getByText("Nothing waits for you.")).isVisible();
            assertThat(asked).hasSize(1);
            assertThat(asked.getFirst().path("arguments")).isEqualTo(new ObjectMapper().readTree(ARGUMENTS));
            page.getByText("Earlier", new Page.GetByTextOptions().setExact(true))
                    .click();
            Locator earlier = page.getByRole(AriaRole.TABLE, exactly("Approvals"));
            assertThat(earlier).containsText("done");
            assertThat(earlier).containsText("you");
            act(page, "Details of refund_order");
            assertThat(dialog(page)).containsText("refunded");
            Chromium.shot(page, "approval-details");
            assertThat(chromium.complaints()).isEmpty();
        } finally {
            shop.stop(0);
        }
    }

    /** A shop that refunds whatever it is asked to, and keeps what that was. */
    private static HttpServer shop(List<JsonNode> asked) throws IOException {
        HttpServer shop = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        shop.createContext("/refund", exchange -> {
            try (exchange) {
                asked.add(new ObjectMapper().readTree(exchange.getRequestBody()));
                byte[] answer = "{\"refunded\": true}".getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
        shop.start();
        return shop;
    }

    private static void addFunction(Page page, String address) {
        assertThat(page.getByText("There are no functions of your own yet.")).isVisible();
        act(page, "New function");
        Locator form = dialog(page);
        form.getByLabel("Name").fill("refund_order");
        form.getByLabel("What it does").fill("Refunds an order");
        form.getByRole(AriaRole.TEXTBOX, named("Address")).fill("http://10.0.0.1/refund");
        form.getByLabel("Parameters").fill("{");
        form.getByLabel("Secret header").fill("X-Shop-Key");
        form.getByLabel("Secret", new Locator.GetByLabelOptions().setExact(true))
                .fill("secret-of-the-shop");
        form.getByLabel("A person approves each call").check();
        confirm(page, "Add function");
        assertThat(form).containsText("This is no JSON");
        form.getByLabel("Parameters").fill(SCHEMA);
        confirm(page, "Add function");
        assertThat(form).containsText("It was refused");
        Chromium.shot(page, "function-refused");
        form.getByRole(AriaRole.TEXTBOX, named("Address")).fill(address);
        confirm(page, "Add function");
        assertThat(form).isHidden();
        Locator functions = page.getByRole(AriaRole.TABLE, exactly("Functions"));
        assertThat(functions).containsText("refund_order");
        assertThat(functions).containsText("each call");
        Chromium.shot(page, "functions");
    }

    /** Open all day and every day, so that the story goes on at any time. */
    private static void grantWithHours(Page page) {
        page.getByRole(AriaRole.LINK, exactly("Agents")).click();
        page.getByRole(AriaRole.LINK, exactly("Concierge")).click();
        page.getByRole(AriaRole.CHECKBOX, exactly("refund order")).check();
        page.getByRole(AriaRole.CHECKBOX, exactly("Only at certain hours")).check();
        page.getByRole(AriaRole.COMBOBOX, exactly("Time zone")).fill("Asia/Kolkata");
        page.keyboard().press("Tab");
        Locator hours = page.getByRole(AriaRole.GROUP, exactly("Hours 1"));
        hours.getByText("Sat").click();
        hours.getByText("Sun").click();
        hours.getByLabel("From").fill("00:00");
        hours.getByLabel("To").fill("00:00");
        act(page, "Save");
        assertThat(page.getByText("Say something, or hand the conversation to a person, or both."))
                .isVisible();
        page.getByLabel("What is said at other times").fill("We are back soon.");
        act(page, "Save");
        assertThat(page.getByText("Saved. The next reply follows it.")).isVisible();
        page.reload();
        assertThat(page.getByRole(AriaRole.CHECKBOX, exactly("refund order"))).isChecked();
        assertThat(page.getByRole(AriaRole.COMBOBOX, exactly("Time zone"))).hasValue("Asia/Kolkata");
        assertThat(page.getByRole(AriaRole.GROUP, exactly("Hours 1")).getByLabel("Sun"))
                .isChecked();
        hours.scrollIntoViewIfNeeded();
        Chromium.shot(page, "agent-hours");
    }

    private static void configure(Page page) {
        page.getByRole(AriaRole.LINK, exactly("Concierge")).click();
        page.getByLabel("Persona").fill("Asha, patient and brief");
        page.getByRole(AriaRole.CHECKBOX, exactly("current time")).check();
        page.getByRole(AriaRole.BUTTON, exactly("Save")).click();
        assertThat(page.getByText("Saved. The next reply follows it.")).isVisible();
        page.reload();
        assertThat(page.getByLabel("Persona")).hasValue("Asha, patient and brief");
        assertThat(page.getByRole(AriaRole.CHECKBOX, exactly("current time"))).isChecked();
        Chromium.shot(page, "agent-configuration");
    }

    private static void golden(Page page) {
        page.getByRole(AriaRole.BUTTON, exactly("New golden conversation")).click();
        dialog(page).getByLabel("Name").fill("refunds");
        dialog(page).getByLabel("The user says (1)").fill("Can I have my money back?");
        dialog(page).getByRole(AriaRole.BUTTON, named("Expect something")).click();
        dialog(page).getByLabel("What").fill("14 days");
        confirm(page, "Keep it");
        assertThat(page.getByRole(AriaRole.TABLE, exactly("Golden conversations")))
                .containsText("refunds");
    }

    private static void draft(Page page, String prompt) {
        page.getByRole(AriaRole.BUTTON, exactly("New draft")).click();
        keep(page, prompt);
    }

    private static void draftFrom(Page page, String action, String prompt) {
        act(page, action);
        keep(page, prompt);
    }

    private static void keep(Page page, String prompt) {
        dialog(page).getByLabel("Prompt").fill(prompt);
        confirm(page, "Keep the draft");
        assertThat(dialog(page)).isHidden();
    }

    private static void trial(Page page, int number, String outcome) {
        act(page, "Trial version " + number);
        dialog(page).getByRole(AriaRole.BUTTON, named("Try it")).click();
        assertThat(dialog(page)
                        .getByText(outcome, new Locator.GetByTextOptions().setExact(true))
                        .first())
                .isVisible();
        if (outcome.equals("failed")) {
            assertThat(dialog(page)).containsText("Not as expected: contains");
            close(page);
        }
    }

    private static void activate(Page page, int number) {
        act(page, "Activate… version " + number);
        confirm(page, "Activate");
        assertThat(page.getByText("Version " + number + " answers now.")).isVisible();
        assertThat(version(page, number)).containsText("active");
    }

    private static void keys(Page page) {
        page.getByRole(AriaRole.LINK, exactly("Model providers")).click();
        page.getByRole(AriaRole.BUTTON, exactly("Set a key")).click();
        dialog(page).getByLabel("Key").fill("sk-invalid-own");
        confirm(page, "Keep the key");
        page.getByRole(AriaRole.BUTTON, exactly("Test the key at default")).click();
        assertThat(page.getByText("does not work")).isVisible();
        page.getByRole(AriaRole.BUTTON, exactly("Replace the key at default")).click();
        dialog(page).getByLabel("Key").fill("sk-own-" + UUID.randomUUID());
        confirm(page, "Keep the key");
        page.getByRole(AriaRole.BUTTON, exactly("Test the key at default")).click();
        assertThat(page.getByText("works", new Page.GetByTextOptions().setExact(true)))
                .isVisible();
        Chromium.shot(page, "provider-keys");
    }

    private static void act(Page page, String action) {
        page.getByRole(AriaRole.BUTTON, exactly(action)).click();
    }

    private static void confirm(Page page, String action) {
        dialog(page)
                .getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(action).setExact(true))
                .click();
    }

    private static void close(Page page) {
        dialog(page).getByRole(AriaRole.BUTTON, named("Close")).click();
        assertThat(dialog(page)).isHidden();
    }

    private static Locator dialog(Page page) {
        return page.getByRole(AriaRole.DIALOG);
    }

    private static Locator version(Page page, int number) {
        return page.getByRole(AriaRole.TABLE, exactly("Versions of the prompt"))
                .getByRole(AriaRole.ROW)
                .filter(new Locator.FilterOptions()
                        .setHas(page.getByRole(
                                AriaRole.ROWHEADER,
                                new Page.GetByRoleOptions()
                                        .setName(String.valueOf(number))
                                        .setExact(true))));
    }

    private static Page.GetByRoleOptions exactly(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }

    private static Locator.GetByRoleOptions named(String name) {
        return new Locator.GetByRoleOptions().setName(name);
    }
}
