package dev.parley.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.ReducedMotion;
import dev.parley.e2e.support.Chromium;
import dev.parley.e2e.support.Stack;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The customer's story in a browser, with screenshots in target/screenshots. */
@Order(5)
class BrowserStoryE2E {
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static Playwright playwright;
    private static Browser browser;

    @BeforeAll
    static void open() {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(Chromium.executable())
                        .setArgs(List.of(
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--no-first-run")));
    }

    @AfterAll
    static void close() {
        if (playwright != null) {
            playwright.close();
        }
    }

    @Test
    void aCustomerSignsUpTalksPaysAndTalksToEveryAgent() {
        List<String> complaints = new ArrayList<>();
        try (BrowserContext context = browser.newContext(new Browser.NewContextOptions().setViewportSize(1280, 800))) {
            Page page = page(context, complaints);
            String email = signUp(page);

            Locator log = page.getByRole(AriaRole.LOG);
            page.getByLabel("Your message").fill("When are you open on Saturday?");
            page.keyboard().press("Enter");
            assertThat(log).containsText(Pattern.compile("credit"));
            shot(page, "chat");

            page.getByRole(AriaRole.LINK, named("Plan")).click();
            page.getByRole(AriaRole.REGION, regionNamed("Starter"))
                    .getByRole(AriaRole.BUTTON, buttonNamed("Subscribe"))
                    .click();
            page.waitForURL(Pattern.compile(".*/stripe/.*|.*/pay/.*|.*cs_test_.*"));
            page.getByLabel("E-mail").fill(email);
            shot(page, "payment");
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("^Pay")))
                    .first()
                    .click();
            assertThat(page.getByText("Welcome to Starter")).isVisible();
            shot(page, "plan");

            page.getByRole(AriaRole.LINK, named("Chat")).click();
            page.getByRole(AriaRole.COMBOBOX, new Page.GetByRoleOptions().setName("Agent"))
                    .click();
            page.getByRole(
                            AriaRole.OPTION,
                            new Page.GetByRoleOptions().setName(Pattern.compile("sales", Pattern.CASE_INSENSITIVE)))
                    .click();
            page.getByLabel("Your message").fill("What does it cost?");
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Send"))
                    .click();
            assertThat(page.getByRole(AriaRole.LOG)).containsText(Pattern.compile("credit"));

            page.getByRole(AriaRole.LINK, named("Credits and usage")).click();
            page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Every charge"))
                    .click();
            assertThat(page.getByRole(AriaRole.TABLE)).containsText("concierge");
            shot(page, "usage");

            page.getByRole(AriaRole.LINK, named("API keys")).click();
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("New key"))
                    .click();
            page.getByLabel("Name").fill("my program");
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Make key"))
                    .click();
            assertThat(page.getByTestId("new-key")).containsText("pk_live_");
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Done"))
                    .click();
            assertThat(page.getByRole(AriaRole.TABLE)).containsText("my program");
            shot(page, "keys");

            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign out"))
                    .click();
            assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("Parley")))
                    .isVisible();
            logIn(page, email);
            assertThat(page.getByRole(AriaRole.LOG)).isVisible();
        }
        assertThat(complaints).isEmpty();
    }

    @Test
    void theSessionIsACookieThatScriptsCannotRead() {
        try (BrowserContext context = browser.newContext()) {
            Page page = page(context, new ArrayList<>());
            signUp(page);

            Cookie session = context.cookies().stream()
                    .filter(cookie -> cookie.name.endsWith("parley_session"))
                    .findFirst()
                    .orElseThrow();
            assertThat(session.httpOnly).isTrue();
            assertThat(session.sameSite.name()).isEqualTo("LAX");
            assertThat((String) page.evaluate("() => document.cookie")).doesNotContain("parley_session");
            assertThat((Integer) page.evaluate("() => localStorage.length + sessionStorage.length"))
                    .isLessThanOrEqualTo(1);
        }
    }

    @Test
    void itFitsAPhoneInTheDark() {
        try (BrowserContext context = browser.newContext(new Browser.NewContextOptions()
                .setViewportSize(390, 844)
                .setReducedMotion(ReducedMotion.REDUCE)
                .setColorScheme(ColorScheme.DARK))) {
            Page page = page(context, new ArrayList<>());
            page.navigate(Stack.running().publicUrl() + "/console/");
            shot(page, "phone-welcome");
            signUp(page);
            assertThat((Boolean) page.evaluate(
                            "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
                    .as("no sideways scrolling")
                    .isTrue();
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Menu"))
                    .click();
            page.getByRole(AriaRole.LINK, named("Plan")).click();
            assertThat(page.getByRole(
                            AriaRole.HEADING,
                            new Page.GetByRoleOptions().setName("Plan").setExact(true)))
                    .isVisible();
            shot(page, "phone-plan");
        }
    }

    private static Page page(BrowserContext context, List<String> complaints) {
        Page page = context.newPage();
        page.setDefaultTimeout(60_000);
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") && message.text().contains("Content Security Policy")) {
                complaints.add(message.text());
            }
        });
        return page;
    }

    private static String signUp(Page page) {
        String email = "browser-" + UUID.randomUUID() + "@example.com";
        page.navigate(Stack.running().publicUrl() + "/console/");
        page.getByLabel("Your name").fill("Ada Browser");
        page.getByRole(AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName("Organisation"))
                .fill("Analytical Engines");
        page.getByLabel("E-mail").fill(email);
        page.getByRole(AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName("Password"))
                .fill("correct-horse-battery-1");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Start free trial"))
                .click();
        assertThat(page.getByRole(AriaRole.LOG)).isVisible();
        return email;
    }

    private static void logIn(Page page, String email) {
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Sign in"))
                .click();
        page.locator("#username").fill(email);
        page.locator("#password").fill("correct-horse-battery-1");
        page.locator("#kc-login").click();
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }

    private static Page.GetByRoleOptions regionNamed(String name) {
        return new Page.GetByRoleOptions().setName(name);
    }

    private static Locator.GetByRoleOptions buttonNamed(String name) {
        return new Locator.GetByRoleOptions().setName(name);
    }

    private static void shot(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")));
    }
}
