package dev.parley.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.SelectOption;
import dev.parley.e2e.support.Chromium;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Plans;
import dev.parley.e2e.support.Simulators;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Staff in the console: connect a bot, review what the agent would say by keys, speak themselves, see how it came about. */
@Order(9)
class InboxBrowserE2E {
    private final String token = Simulators.botToken();

    @Test
    void aBotIsConnectedItsDraftsAreDecidedByKeysAndAPersonTakesOver() {
        Customer customer = Customer.signUp("Analytical Engines").subscribe(Plans.withCredits(100));
        long grace = ThreadLocalRandom.current().nextLong(1_000_000, 4_000_000);
        try (Chromium chromium = new Chromium()) {
            Page page = chromium.stranger();
            Chromium.signIn(page, customer, "/console/channels");
            connect(page);
            putUnderReview(page);

            page.getByText("Waiting", new Page.GetByTextOptions().setExact(true))
                    .first()
                    .click();
            assertThat(page.getByText("Nothing waits for you.")).isVisible();
            Simulators.writeToBot(token, grace, "Do you deliver to Pune?");
            Locator draft = page.getByRole(AriaRole.ARTICLE);
            assertThat(draft).containsText("Do you deliver to Pune?");
            assertThat(draft).containsText("Grace");
            page.getByRole(AriaRole.GROUP, new Page.GetByRoleOptions().setName("Drafts that wait"))
                    .focus();
            page.keyboard().press("e");
            page.getByLabel("What is sent instead").fill("Yes, within two days.");
            Chromium.shot(page, "review");
            page.keyboard().press("Control+Enter");
            assertThat(draft).containsText("edited");
            page.keyboard().press("a");
            assertThat(page.getByText("1 reply approved.")).isVisible();
            Eventually.passes(Duration.ofSeconds(10), () -> assertThat(Simulators.sentByBot(token, grace))
                    .containsExactly("Yes, within two days."));

            speak(page, grace);
            assertThat(chromium.complaints()).isEmpty();
        }
    }

    private void connect(Page page) {
        click(page, "Connect a channel");
        Locator dialog = page.getByRole(AriaRole.DIALOG);
        dialog.getByLabel("Messenger").selectOption(new SelectOption().setLabel("Telegram"));
        dialog.getByLabel("Name").fill("Our bot");
        dialog.getByLabel("Bot token").fill(token);
        dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Connect"))
                .click();
        assertThat(page.getByText("Our bot is connected")).isVisible();
        click(page, "Done");
        click(page, "Test Our bot");
        assertThat(page.getByText("Everything works.")).isVisible();
        Chromium.shot(page, "channel-test");
        click(page, "Done");
    }

    private static void putUnderReview(Page page) {
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Review"))
                .click();
        page.getByRole(AriaRole.RADIOGROUP)
                .getByText("Agents", new Locator.GetByTextOptions().setExact(true))
                .click();
        click(page, "Review an agent");
        Locator dialog = page.getByRole(AriaRole.DIALOG);
        dialog.getByLabel("Agent").selectOption("concierge");
        dialog.getByLabel("Messenger").selectOption("telegram");
        dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Save"))
                .click();
        assertThat(page.getByRole(AriaRole.TABLE)).containsText("No draft was reviewed yet.");
        Chromium.shot(page, "review-rules");
    }

    private void speak(Page page, long chat) {
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Conversations"))
                .click();
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("concierge on telegram"))
                .click();
        Locator log = page.getByRole(AriaRole.LOG);
        assertThat(log).containsText("Yes, within two days.");
        page.getByLabel("Your message to the customer").fill("This is Ada, ask me anything.");
        page.keyboard().press("Enter");
        Eventually.passes(Duration.ofSeconds(10), () -> assertThat(Simulators.sentByBot(token, chat))
                .contains("This is Ada, ask me anything."));
        assertThat(page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Hand back")))
                .isVisible();
        Simulators.writeToBot(token, chat, "Thank you Ada");
        assertThat(log).containsText("Thank you Ada");
        Chromium.shot(page, "conversation");
        click(page, "Hand back");
        assertThat(page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Take over")))
                .isVisible();
        log.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Trace"))
                .first()
                .click();
        Locator trace = page.getByRole(AriaRole.DIALOG);
        assertThat(trace).containsText(Pattern.compile("Kept for review.*Approved", Pattern.DOTALL));
        assertThat(trace).containsText("prompt version");
        Chromium.shot(page, "trace");
    }

    private static void click(Page page, String button) {
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(button).setExact(true))
                .click();
    }
}
