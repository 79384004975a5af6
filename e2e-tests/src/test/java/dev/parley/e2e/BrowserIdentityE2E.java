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
import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Chromium;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.KeycloakAdmin;
import dev.parley.e2e.support.Mailbox;
import dev.parley.e2e.support.Stack;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Who may come in, in a browser, with mail and a second identity provider; screenshots in target/screenshots. */
@Order(6)
class BrowserIdentityE2E {
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final String PASSWORD = "correct-horse-battery-1";
    private static final String OTHER_PASSWORD = "another-horse-battery-2";
    private static final String VERIFICATION = "Is this your e-mail address?";
    private static final String PROVIDER = "e2e-provider";
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
                        .setArgs(List.of("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run")));
    }

    @AfterAll
    static void close() {
        if (playwright != null) {
            playwright.close();
        }
    }

    @Test
    void aPersonRegistersProvesTheAddressChangesOrganisationAndLogsOutEverywhere() {
        String email = fresh("person");
        try (BrowserContext laptop = browser.newContext();
                BrowserContext phone = browser.newContext()) {
            Page page = page(laptop);
            register(page, email);
            proveAddress(page, email);
            assertThat(heading(page, "Name your organisation")).isVisible();
            shot(page, "organization");
            page.getByRole(AriaRole.TEXTBOX, named("Organisation")).fill("Analytical Engines");
            page.getByRole(AriaRole.BUTTON, named("Create organisation")).click();
            assertThat(page.getByRole(AriaRole.LOG)).isVisible();

            assertThat(call(page, "POST", "/api/v1/tenants", "{\"name\":\"Difference Engines\"}", null))
                    .startsWith("201");
            String me = call(page, "GET", "/api/v1/me", null, null);
            List<String> tenants = Pattern.compile("\"tenant_id\":\"([0-9a-f-]{36})\",\"name\"")
                    .matcher(me)
                    .results()
                    .map(found -> found.group(1))
                    .toList();
            assertThat(tenants).hasSize(2);
            for (String tenant : tenants) {
                assertThat(call(page, "GET", "/api/v1/tenant", null, tenant)).contains(tenant);
            }

            Page second = page(phone);
            logIn(second, email, PASSWORD);
            assertThat(second.getByRole(AriaRole.LOG)).isVisible();
            String api = Api.login(email, PASSWORD)
                    .get("/api/v1/sessions")
                    .expect(200)
                    .raw();
            assertThat(api).contains("Chrome on Linux");

            assertThat(call(page, "DELETE", "/api/v1/sessions", null, null)).startsWith("204");
            Eventually.passes(Duration.ofSeconds(2), () -> assertThat(call(second, "GET", "/api/v1/me", null, null))
                    .startsWith("401"));
            second.navigate(Stack.running().publicUrl() + "/auth/login?redirect_to=/console/");
            assertThat(second.locator("#kc-login")).isVisible();
        }
    }

    @Test
    void aForgottenPasswordIsReplacedByMailWhichEndsTheSessionsBeforeIt() {
        Customer customer = Customer.signUp();
        String key = customer.apiKey();
        try (BrowserContext context = browser.newContext()) {
            Page page = page(context);
            page.navigate(Stack.running().publicUrl() + "/auth/login?redirect_to=/console/");
            page.getByText("Forgot Password?").click();
            page.locator("#username").fill(customer.email());
            shot(page, "reset");
            page.locator("[type=submit]").first().click();
            page.navigate(
                    new Mailbox(customer.email()).link("Choose a new password").toString());
            page.locator("#password-new").fill(OTHER_PASSWORD);
            page.locator("#password-confirm").fill(OTHER_PASSWORD);
            shot(page, "new-password");
            // a password of the first seconds counts as the one that the account was made with
            page.waitForTimeout(5_000);
            page.locator("[type=submit]").first().click();
            assertThat(page.getByRole(AriaRole.LOG)).isVisible();
        }
        Api.login(customer.email(), OTHER_PASSWORD);
        Api.anonymous()
                .post("/api/v1/auth/login", Map.of("email", customer.email(), "password", PASSWORD))
                .expect(401);
        Eventually.passes(
                Duration.ofSeconds(2), () -> customer.api().get("/api/v1/me").expect(401));
        Api.anonymous()
                .post("/api/v1/auth/refresh", Map.of("refresh_token", customer.refreshToken()))
                .expect(401);

        // whoever had the account before it was the owner's of the address keeps nothing in it
        Api.key(key).get("/api/v1/agents").expect(200);
        customer.proveAddress();
        Api.login(customer.email(), OTHER_PASSWORD).get("/api/v1/me").expect(401);
        Eventually.passes(
                Duration.ofSeconds(2), () -> Api.key(key).get("/api/v1/agents").expect(401));
        Api.login(customer.email(), OTHER_PASSWORD).get("/api/v1/me").expect(200);
    }

    @Test
    void anExpiredResetLinkChangesNothing() throws InterruptedException {
        Customer customer = Customer.signUp();
        String lifespan = "actionTokenGeneratedByUserLifespan.reset-credentials";
        String before = KeycloakAdmin.attribute(lifespan, "1");
        try (BrowserContext context = browser.newContext();
                BrowserContext later = browser.newContext()) {
            Page page = page(context);
            page.navigate(Stack.running().publicUrl() + "/auth/login");
            page.getByText("Forgot Password?").click();
            page.locator("#username").fill(customer.email());
            page.locator("[type=submit]").first().click();
            URI link = new Mailbox(customer.email()).link("Choose a new password");
            Thread.sleep(2_000);
            Page opened = page(later);
            opened.navigate(link.toString());
            assertThat(opened.locator("#password-new")).hasCount(0);
            assertThat(opened.locator("body")).containsText(Pattern.compile("expired", Pattern.CASE_INSENSITIVE));
            shot(opened, "expired-link");
        } finally {
            KeycloakAdmin.attribute(lifespan, before);
        }
        Api.login(customer.email(), PASSWORD);
    }

    @Test
    void aSecondIdentityProviderNeedsRealmConfigurationAloneAndOneAddressIsOnePerson() {
        String newcomer = fresh("newcomer");
        String known = fresh("known");
        provider(newcomer, known);
        try (BrowserContext context = browser.newContext()) {
            Page page = page(context);
            throughProvider(page, newcomer);
            assertThat(heading(page, "Name your organisation")).isVisible();
            assertThat(call(page, "GET", "/api/v1/me", null, null))
                    .contains("\"auth_provider\":\"" + PROVIDER + "\"")
                    .contains("\"email_verified\":true")
                    .contains(newcomer);
        }
        String first;
        try (BrowserContext context = browser.newContext()) {
            Page page = page(context);
            register(page, known);
            proveAddress(page, known);
            assertThat(heading(page, "Name your organisation")).isVisible();
            first = call(page, "GET", "/api/v1/me", null, null);
        }
        try (BrowserContext context = browser.newContext()) {
            Page page = page(context);
            throughProvider(page, known);
            linkByMail(page, known);
            assertThat(heading(page, "Name your organisation")).isVisible();
            assertThat(userId(call(page, "GET", "/api/v1/me", null, null))).isEqualTo(userId(first));
        }
        Api.login(known, PASSWORD);
    }

    @Test
    void whoSignedUpWithAnAddressOfAnotherLosesItWhenTheOwnerComes() {
        Customer squatter = Customer.signUp();
        provider(squatter.email());
        squatter.api().get("/api/v1/me").expect(200);
        try (BrowserContext context = browser.newContext()) {
            Page page = page(context);
            throughProvider(page, squatter.email());
            linkByMail(page, squatter.email());
            page.waitForURL(Pattern.compile(".*/console/.*"));
            assertThat(userId(call(page, "GET", "/api/v1/me", null, null))).isEqualTo(squatter.userId());
        }
        Eventually.passes(
                Duration.ofSeconds(2), () -> squatter.api().get("/api/v1/me").expect(401));
        Api.anonymous()
                .post("/api/v1/auth/refresh", Map.of("refresh_token", squatter.refreshToken()))
                .expect(401);
        Api.anonymous()
                .post("/api/v1/auth/login", Map.of("email", squatter.email(), "password", PASSWORD))
                .expect(401);
    }

    @Test
    void everyPageIsParleysInLightAndDark() {
        Customer customer = Customer.signUp();
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            String suffix = "-" + scheme.name().toLowerCase(Locale.ROOT);
            try (BrowserContext context = browser.newContext(
                    new Browser.NewContextOptions().setColorScheme(scheme).setViewportSize(900, 1000))) {
                Page page = page(context);
                page.navigate(Stack.running().publicUrl() + "/auth/login?redirect_to=/console/");
                branded(page, "login" + suffix);
                page.getByText("Forgot Password?").click();
                branded(page, "reset" + suffix);
                page.navigate(Stack.running().publicUrl() + "/auth/login?action=register");
                branded(page, "register" + suffix);
                page.navigate(
                        Stack.running().keycloakUrl() + "/realms/parley/protocol/openid-connect/auth?client_id=nobody");
                branded(page, "error" + suffix);
                logIn(page, customer.email(), PASSWORD);
                assertThat(page.getByRole(AriaRole.LOG)).isVisible();
                for (String action : List.of("totp", "passkey", "password", "verify-email")) {
                    page.navigate(Stack.running().publicUrl() + "/auth/login?action=" + action);
                    branded(page, action + suffix);
                }
            }
        }
    }

    private static void branded(Page page, String name) {
        assertThat(page.locator(".parley-name")).hasText("Parley");
        assertThat(page.title()).doesNotContainIgnoringCase("keycloak");
        shot(page, "identity-" + name);
    }

    private static void register(Page page, String email) {
        page.navigate(Stack.running().publicUrl() + "/console/");
        page.getByText("Other ways to create an account").click();
        page.locator("#email").fill(email);
        page.locator("#password").fill(PASSWORD);
        page.locator("#password-confirm").fill(PASSWORD);
        page.locator("#firstName").fill("Ada");
        page.locator("#lastName").fill("Browser");
        page.locator("[type=submit]").first().click();
    }

    private static void proveAddress(Page page, String email) {
        assertThat(heading(page, "Check your mail")).isVisible();
        page.getByText("Send verification email").click();
        assertThat(page.getByText("We have sent a link")).isVisible();
        shot(page, "verify");
        page.navigate(new Mailbox(email).link(VERIFICATION).toString());
    }

    private static void logIn(Page page, String email, String password) {
        page.navigate(Stack.running().publicUrl() + "/auth/login?redirect_to=/console/");
        page.locator("#username").fill(email);
        page.locator("#password").fill(password);
        page.locator("#kc-login").click();
    }

    private static void throughProvider(Page page, String email) {
        page.navigate(Stack.running().publicUrl() + "/auth/login?redirect_to=/console/");
        page.locator("#social-" + PROVIDER).click();
        page.locator("#username").fill(email);
        page.locator("#password").fill(PASSWORD);
        page.locator("#kc-login").click();
    }

    private static void linkByMail(Page page, String email) {
        assertThat(heading(page, "You have an account already")).isVisible();
        page.locator("#linkAccount").click();
        URI link = new Mailbox(email).link("Sign in with Second provider?");
        page.navigate(link.toString());
    }

    /** A second provider: another realm, whose people are known to it and to nobody else, and its entry in ours. */
    private static void provider(String... emails) {
        Api admin = KeycloakAdmin.api();
        String realm = "/admin/realms/" + PROVIDER;
        String issuer = Stack.running().keycloakUrl() + "/realms/" + PROVIDER;
        String endpoints = issuer + "/protocol/openid-connect/";
        if (admin.get(realm).status() == 404) {
            admin.post("/admin/realms", Map.of("realm", PROVIDER, "enabled", true))
                    .expect(201);
            KeycloakAdmin.api()
                    .post(
                            realm + "/clients",
                            Map.of(
                                    "clientId",
                                    "parley",
                                    "secret",
                                    "provider-secret",
                                    "redirectUris",
                                    List.of(Stack.running().keycloakUrl() + "/realms/parley/broker/" + PROVIDER
                                            + "/endpoint")))
                    .expect(201);
            admin.post(
                            "/admin/realms/parley/identity-provider/instances",
                            Map.of(
                                    "alias",
                                    PROVIDER,
                                    "providerId",
                                    "oidc",
                                    "displayName",
                                    "Second provider",
                                    "enabled",
                                    true,
                                    "trustEmail",
                                    true,
                                    "config",
                                    Map.of(
                                            "clientId",
                                            "parley",
                                            "clientSecret",
                                            "provider-secret",
                                            "clientAuthMethod",
                                            "client_secret_post",
                                            "issuer",
                                            issuer,
                                            "authorizationUrl",
                                            endpoints + "auth",
                                            "tokenUrl",
                                            endpoints + "token",
                                            "jwksUrl",
                                            endpoints + "certs",
                                            "useJwksUrl",
                                            "true",
                                            "validateSignature",
                                            "true",
                                            "defaultScope",
                                            "openid email profile")))
                    .expect(201);
        }
        Api fresh = KeycloakAdmin.api();
        for (String email : emails) {
            fresh.post(
                            realm + "/users",
                            Map.of(
                                    "username",
                                    email,
                                    "email",
                                    email,
                                    "emailVerified",
                                    true,
                                    "firstName",
                                    "Ada",
                                    "lastName",
                                    "Federated",
                                    "enabled",
                                    true,
                                    "credentials",
                                    List.of(Map.of("type", "password", "value", PASSWORD))))
                    .expect(201);
        }
    }

    /** What the console's own scripts would send: the session's cookie and the header that proves the page. */
    private static String call(Page page, String method, String path, String body, String tenant) {
        if (!page.url().startsWith(Stack.running().publicUrl())) {
            page.navigate(Stack.running().publicUrl() + "/console/");
        }
        return (String) page.evaluate("""
                async ([method, path, body, tenant]) => {
                    const headers = {'X-Parley-CSRF': '1', 'Content-Type': 'application/json'};
                    if (tenant) headers['X-Tenant-ID'] = tenant;
                    const answer = await fetch(path, {method, headers, body: body ?? undefined});
                    return answer.status + ' ' + await answer.text();
                }
                """, Arrays.asList(method, path, body, tenant));
    }

    private static String userId(String me) {
        return me.replaceFirst("(?s).*\"user_id\":\"([^\"]+)\".*", "$1");
    }

    private static String fresh(String name) {
        return name + "-" + UUID.randomUUID() + "@example.com";
    }

    private static Page page(BrowserContext context) {
        Page page = context.newPage();
        page.setDefaultTimeout(60_000);
        return page;
    }

    private static Locator heading(Page page, String name) {
        return page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName(name));
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name);
    }

    private static void shot(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")));
    }
}
