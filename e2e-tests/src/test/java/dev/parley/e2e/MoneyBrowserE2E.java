package dev.parley.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.parley.e2e.support.Chromium;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.KeycloakAdmin;
import dev.parley.e2e.support.Plans;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What customers and staff do about money, in browsers. */
@Order(8)
class MoneyBrowserE2E {
    private static final String FIRST_PASSWORD = "first-pair-of-eyes-1";
    private static final String SECOND_PASSWORD = "second-pair-of-eyes-1";

    @Test
    void aCustomerSubscribesUpgradesBuysAPackSeesEveryCreditAndTakesTheInvoiceAlong() {
        Customer customer = Customer.signUp("Analytical Engines").proveAddress();
        String pack = "Pack " + UUID.randomUUID().toString().substring(0, 8);
        try (Chromium chromium = new Chromium()) {
            Page staff = chromium.stranger();
            Chromium.signIn(
                    staff, KeycloakAdmin.newPlatformAdmin(FIRST_PASSWORD), FIRST_PASSWORD, "/console/admin/plans");
            publishPack(staff, pack);

            Page page = chromium.stranger();
            Chromium.signIn(page, customer, "/console/plan");
            plan(page, "Starter", "Subscribe");
            pay(page, customer);
            assertThat(page.getByText("Welcome to Starter")).isVisible();

            plan(page, "Pro", "Upgrade…");
            Locator dialog = page.getByRole(AriaRole.DIALOG);
            assertThat(dialog).containsText(Pattern.compile("is charged today"));
            Chromium.shot(page, "upgrade");
            dialog.getByRole(AriaRole.BUTTON, named("Change and pay ")).click();
            assertThat(page.getByText(Pattern.compile("You are on Pro now\\. ₹.* was charged\\.")))
                    .isVisible();
            downgradeAndThinkBetter(page);

            plan(page, pack, "Buy");
            pay(page, customer);
            assertThat(page.getByText(pack + " is yours")).isVisible();

            seeCredits(page, customer);
            assertThat(invoice(page)).startsWith("%PDF-");
            Chromium.shot(page, "billing");
            assertThat(chromium.complaints()).isEmpty();
        }
    }

    @Test
    void staffGivesManyCreditsOnlyWithASecondPairOfEyes() {
        Customer customer = Customer.signUp("Boilers " + UUID.randomUUID());
        try (Chromium chromium = new Chromium()) {
            Page first = chromium.stranger();
            Chromium.signIn(
                    first,
                    KeycloakAdmin.newPlatformAdmin(FIRST_PASSWORD),
                    FIRST_PASSWORD,
                    "/console/admin/tenants/" + customer.tenantId());
            first.getByLabel("Reason").fill("support case");
            first.getByLabel("Ticket").fill("T-1");
            first.getByRole(AriaRole.BUTTON, exactly("Look")).click();
            first.getByRole(AriaRole.TAB, exactly("Credits and payments")).click();
            first.getByRole(AriaRole.BUTTON, exactly("Change credits…")).click();
            Locator dialog = first.getByRole(AriaRole.DIALOG);
            dialog.getByRole(AriaRole.TEXTBOX, named("Credits")).fill("200000");
            dialog.getByRole(AriaRole.TEXTBOX, named("Reason")).fill("for " + customer.tenantId());
            dialog.getByRole(AriaRole.BUTTON, named("Grant")).click();
            assertThat(first.getByText("It waits for a second admin, under Approvals."))
                    .isVisible();
            first.getByRole(AriaRole.LINK, exactly("Approvals")).click();
            Locator asked = waiting(first, customer);
            assertThat(asked).containsText("Another admin must agree");
            assertThat(asked.getByRole(AriaRole.BUTTON, named("Agree…"))).isHidden();

            Page second = chromium.stranger();
            Chromium.signIn(
                    second,
                    KeycloakAdmin.newPlatformAdmin(SECOND_PASSWORD),
                    SECOND_PASSWORD,
                    "/console/admin/approvals");
            waiting(second, customer)
                    .getByRole(AriaRole.BUTTON, named("Agree…"))
                    .click();
            second.getByRole(AriaRole.DIALOG)
                    .getByRole(AriaRole.BUTTON, named("Agree"))
                    .click();
            assertThat(second.getByText("You have agreed, and the change is made."))
                    .isVisible();
            assertThat(waiting(second, customer)).isHidden();

            Page owner = chromium.stranger();
            Chromium.signIn(owner, customer, "/console/usage");
            assertThat(owner.getByTestId("balance")).hasText("201,000 credits left");
            assertThat(chromium.complaints()).isEmpty();
        }
    }

    @Test
    void whoIsRefusedSeesTheRuleItsLimitsAndWhatToDo() {
        Customer customer = Customer.signUp().subscribe(Plans.withCredits(1));
        try (Chromium chromium = new Chromium()) {
            Page page = chromium.stranger();
            Chromium.signIn(page, customer, "/console/chat");
            say(page, "Is anybody there?");
            assertThat(page.getByRole(AriaRole.LOG)).containsText("1 credit");
            assertThat(page.getByText("Your credits are used up")).isVisible();
            say(page, "And now?");
            page.getByRole(AriaRole.LINK, exactly("Why was this refused?")).click();
            Locator why = page.getByRole(AriaRole.DIALOG);
            assertThat(why).containsText("CREDITS_EXHAUSTED");
            assertThat(why).containsText("credits.balance");
            assertThat(why).containsText("What to do:");
            assertThat(why.getByRole(AriaRole.TABLE, named("Limits")).getByRole(AriaRole.ROW))
                    .hasCount(2);
            Chromium.shot(page, "refusal");
            assertThat(chromium.complaints()).isEmpty();
        }
    }

    @Test
    void aBusinessWritesIssuesSendsAndClosesAnInvoiceToItsOwnCustomer() {
        Customer business = Customer.signUp("Analytical Engines").proveAddress();
        try (Chromium chromium = new Chromium()) {
            Page page = chromium.stranger();
            Chromium.signIn(page, business, "/console/customer-invoices");
            assertThat(page.getByText("There are none yet. Write the first one"))
                    .isVisible();
            page.getByRole(AriaRole.LINK, exactly("New invoice")).click();
            page.getByLabel("Name").fill("Babbage & Co");
            page.getByLabel("E-mail").fill("charles-" + UUID.randomUUID() + "@example.com");
            page.getByLabel("Address").fill("1 Dorset Street\nLondon");
            line(page, 1, "Engine hours", "3", "499.50", "18");
            page.getByRole(AriaRole.BUTTON, exactly("Add a line")).click();
            line(page, 2, "Travel", "2", "1,000", "");
            page.getByRole(AriaRole.BUTTON, exactly("Save draft")).click();
            assertThat(page.getByText("An amount like 499.00")).isVisible();
            line(page, 2, "Travel", "2", "1000", "");
            assertThat(page.getByTestId("sums")).containsText("₹3,768.23");
            Chromium.shot(page, "customer-draft");
            page.getByRole(AriaRole.BUTTON, exactly("Save draft")).click();

            Locator row = page.getByRole(AriaRole.TABLE, exactly("Invoices to customers"))
                    .getByRole(AriaRole.ROW)
                    .filter(new Locator.FilterOptions().setHasText("Babbage & Co"));
            assertThat(row).containsText("draft");
            assertThat(row).containsText("₹3,768.23");
            choose(page, row, "Issue…");
            assertThat(page.getByRole(AriaRole.DIALOG)).containsText("Your billing profile is needed first");
            business.api()
                    .put(
                            "/api/v1/billing-profile",
                            Map.of(
                                    "name",
                                    "Analytical Engines",
                                    "address",
                                    Map.of("line1", "12 MG Road", "city", "Bengaluru", "state", "KA"),
                                    "country",
                                    "IN",
                                    "email",
                                    business.email()))
                    .expect(200);
            page.reload();
            choose(page, row, "Issue…");
            confirm(page, "Issue");
            assertThat(page.getByText(Pattern.compile("Invoice .* is issued"))).isVisible();
            assertThat(row).containsText("open");
            choose(page, row, "Send…");
            confirm(page, "Send");
            assertThat(page.getByText(Pattern.compile("is on its way to charles")))
                    .isVisible();
            Download file = page.waitForDownload(() ->
                    row.getByRole(AriaRole.BUTTON, named("Download invoice")).click());
            assertThat(head(file)).startsWith("%PDF-");
            Chromium.shot(page, "customer-invoices");
            choose(page, row, "Mark as paid…");
            confirm(page, "Mark as paid");
            assertThat(row).containsText("paid");
            assertThat(chromium.complaints()).isEmpty();
        }
    }

    @Test
    void whoHasNoKeyLeftSeesWhatToDo() {
        Customer customer = Customer.signUp().subscribe(Plans.withQuotas(Map.of("keys", 1)));
        customer.apiKey();
        try (Chromium chromium = new Chromium()) {
            Page page = chromium.stranger();
            Chromium.signIn(page, customer, "/console/keys");
            page.getByRole(AriaRole.BUTTON, exactly("New key")).click();
            Locator dialog = page.getByRole(AriaRole.DIALOG);
            dialog.getByLabel("Name").fill("shop");
            dialog.getByRole(AriaRole.BUTTON, named("Make key")).click();
            Locator refusal = dialog.getByRole(AriaRole.ALERT);
            assertThat(refusal).containsText("A limit of your plan is reached");
            assertThat(refusal).containsText("Change to a plan with more keys, or remove one.");
            assertThat(refusal).containsText("1 of 1 used");
            assertThat(refusal.getByRole(AriaRole.LINK, named("See plans"))).isVisible();
            refusal.getByRole(AriaRole.LINK, named("Why was this refused?")).click();
            assertThat(page.getByRole(AriaRole.DIALOG)).containsText("plan.quotas.keys");
            assertThat(chromium.complaints()).isEmpty();
        }
    }

    private static void line(Page page, int number, String what, String quantity, String price, String tax) {
        Locator line = page.getByRole(AriaRole.GROUP, exactly("Line " + number));
        line.getByLabel("Description").fill(what);
        line.getByLabel("Quantity").fill(quantity);
        line.getByLabel("Price of one").fill(price);
        line.getByLabel("Tax in %").fill(tax);
    }

    private static void choose(Page page, Locator row, String action) {
        row.getByRole(AriaRole.BUTTON, named("Actions for")).click();
        page.getByRole(AriaRole.MENUITEM, exactly(action)).click();
    }

    private static void confirm(Page page, String action) {
        page.getByRole(AriaRole.DIALOG)
                .getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(action).setExact(true))
                .click();
    }

    private static void say(Page page, String text) {
        page.getByLabel("Your message").fill(text);
        page.getByRole(AriaRole.BUTTON, exactly("Send")).click();
    }

    private static void publishPack(Page page, String name) {
        page.getByRole(AriaRole.BUTTON, exactly("New pack")).click();
        Locator dialog = page.getByRole(AriaRole.DIALOG);
        dialog.locator("[name=code]").fill(name.toLowerCase().replace(' ', '-'));
        dialog.locator("[name=name]").fill(name);
        dialog.locator("[name=price]").fill("499.50");
        dialog.getByRole(AriaRole.TEXTBOX, named("Credits")).fill("5000");
        dialog.getByRole(AriaRole.BUTTON, named("Publish")).click();
        assertThat(page.getByText(name + " is on offer as version 1.")).isVisible();
    }

    /** Presses the button of a plan or a pack. */
    private static void plan(Page page, String name, String action) {
        page.getByRole(AriaRole.REGION, exactly(name))
                .getByRole(AriaRole.BUTTON, named(action))
                .click();
    }

    /** Pays on Stripe's page. */
    private static void pay(Page page, Customer customer) {
        page.waitForURL(Pattern.compile(".*cs_test_.*"));
        page.getByLabel("E-mail").fill(customer.email());
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("^Pay")))
                .first()
                .click();
    }

    private static void downgradeAndThinkBetter(Page page) {
        plan(page, "Starter", "Change…");
        page.getByRole(AriaRole.DIALOG)
                .getByRole(AriaRole.BUTTON, named("Change"))
                .click();
        assertThat(page.getByText(Pattern.compile("Starter follows on"))).isVisible();
        page.getByRole(AriaRole.BUTTON, exactly("Stay on Pro…")).click();
        page.getByRole(AriaRole.DIALOG)
                .getByRole(AriaRole.BUTTON, named("Stay on Pro"))
                .click();
        assertThat(page.getByText("You stay on Pro.")).isVisible();
    }

    /** Sees the balance fall while an agent works, without loading the page again, and why it fell. */
    private static void seeCredits(Page page, Customer customer) {
        page.getByRole(AriaRole.LINK, exactly("Credits and usage")).click();
        Locator balance = page.getByTestId("balance");
        balance.waitFor();
        String before = balance.textContent();
        customer.say(customer.conversation("sales"), "What does it cost?").expect(201);
        assertThat(balance).not().hasText(before);
        page.getByText("By agent").click();
        assertThat(page.getByRole(AriaRole.TABLE, exactly("Usage summed up"))).containsText("Sales");
        Chromium.shot(page, "credits");
        page.getByRole(AriaRole.TAB, exactly("Credits in and out")).click();
        Locator entries = page.getByRole(AriaRole.TABLE, exactly("Credits in and out"));
        assertThat(entries).containsText("Granted: Pack, 5,000 credits");
        assertThat(entries).containsText("Used: Sales on web");
    }

    /** The newest invoice as a file. */
    private static String invoice(Page page) {
        page.getByRole(AriaRole.LINK, exactly("Billing")).click();
        Locator take = page.getByRole(
                        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("^Download invoice")))
                .first();
        Download file = page.waitForDownload(take::click);
        assertThat(file.suggestedFilename()).matches("invoice-[0-9A-Z]{6}-\\d\\d-00000\\d\\.pdf");
        return head(file);
    }

    private static String head(Download file) {
        try (InputStream bytes = file.createReadStream()) {
            return new String(bytes.readNBytes(8), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Locator waiting(Page page, Customer customer) {
        return page.getByRole(AriaRole.ROW)
                .filter(new Locator.FilterOptions().setHasText("for " + customer.tenantId()));
    }

    private static Page.GetByRoleOptions exactly(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }

    private static Locator.GetByRoleOptions named(String name) {
        return new Locator.GetByRoleOptions().setName(name);
    }
}
