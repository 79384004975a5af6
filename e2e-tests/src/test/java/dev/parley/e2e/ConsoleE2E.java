package dev.parley.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.SelectOption;
import dev.parley.e2e.support.Chromium;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Mailbox;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Two people work in one organisation, in two browsers. */
@Order(7)
class ConsoleE2E {
    private static final String INVITATION = "Ada Owner invites you to Analytical Engines on Parley";
    private static final String VERIFICATION = "Is this your e-mail address?";

    @Test
    void aPersonIsInvitedJoinsSwitchesAndRisesAndTheOwnerSeesItAndTakesTheDataOut() {
        Customer owner = Customer.signUp("Analytical Engines").proveAddress();
        Customer guest = Customer.signUp("Difference Works");
        try (Chromium chromium = new Chromium()) {
            Page desk = chromium.stranger();
            Chromium.signIn(desk, owner, "/console/members");
            invite(desk, guest.email());
            Chromium.shot(desk, "members");

            Page visitor = chromium.stranger();
            proveAddress(visitor, guest);
            join(visitor, guest, new Mailbox(guest.email()).link(INVITATION).toString());
            switchTo(visitor, "Difference Works", "Analytical Engines");
            switchTo(visitor, "Analytical Engines", "Difference Works");
            assertThat(visitor.getByRole(AriaRole.LINK, exactly("Audit log"))).isHidden();

            raise(desk, guest);
            visitor.reload();
            assertThat(visitor.getByRole(AriaRole.LINK, exactly("Audit log"))).isVisible();

            readTrail(desk);
            assertThat(takeOut(desk)).contains("manifest.json").hasSizeGreaterThan(3);
            assertThat(chromium.complaints()).isEmpty();
        }
    }

    private static void invite(Page page, String email) {
        page.getByRole(AriaRole.LINK, exactly("Members")).click();
        page.getByRole(AriaRole.BUTTON, exactly("Invite")).click();
        page.getByRole(AriaRole.DIALOG).getByLabel("E-mail").fill(email);
        page.getByRole(AriaRole.BUTTON, exactly("Send invitation")).click();
        assertThat(page.getByText(email + " is invited.")).isVisible();
    }

    private static void proveAddress(Page page, Customer person) {
        page.navigate(new Mailbox(person.email()).link(VERIFICATION).toString());
        Locator proceed =
                page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(Pattern.compile("proceed")));
        if (proceed.isVisible()) {
            proceed.click();
        }
    }

    private static void join(Page page, Customer person, String link) {
        page.navigate(link);
        assertThat(page.getByRole(AriaRole.HEADING, exactly("You are invited"))).isVisible();
        page.getByRole(AriaRole.LINK, exactly("Sign in")).click();
        Chromium.fillLogin(page, person);
        assertThat(page.getByText(person.email()).first()).isVisible();
        Chromium.shot(page, "invitation");
        page.getByRole(AriaRole.BUTTON, exactly("Accept")).click();
        assertThat(switcher(page, "Analytical Engines")).isVisible();
        assertThat(page.getByRole(AriaRole.LOG)).isVisible();
    }

    private static void switchTo(Page page, String wanted, String before) {
        switcher(page, before).click();
        page.getByRole(AriaRole.MENUITEMRADIO, new Page.GetByRoleOptions().setName(wanted))
                .click();
        assertThat(switcher(page, wanted)).isVisible();
        assertThat(page.getByRole(AriaRole.LOG)).isVisible();
    }

    private static Locator switcher(Page page, String organisation) {
        return page.getByRole(AriaRole.BUTTON, exactly("Organisation: " + organisation));
    }

    private static void raise(Page page, Customer person) {
        page.reload();
        Locator row = page.getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText(person.email()));
        row.getByRole(AriaRole.COMBOBOX).selectOption(new SelectOption().setLabel("Admin"));
        assertThat(page.getByText("is admin now")).isVisible();
    }

    private static void readTrail(Page page) {
        page.getByRole(AriaRole.LINK, exactly("Audit log")).click();
        Locator entry =
                page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("^member.*chang")));
        // The entry travels by event: look again until it has arrived.
        for (int looks = 0; looks < 20 && entry.count() == 0; looks++) {
            page.waitForTimeout(250);
            page.reload();
            page.getByRole(AriaRole.BUTTON, exactly("Verify")).waitFor();
        }
        entry.first().click();
        Locator role = page.getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText("role"));
        assertThat(role.getByRole(AriaRole.CELL)).hasText(new String[] {"member", "admin"});
        page.getByRole(AriaRole.BUTTON, exactly("Verify")).click();
        assertThat(page.getByText("Nothing was altered")).isVisible();
        Chromium.shot(page, "audit-log");
    }

    private static List<String> takeOut(Page page) {
        page.getByRole(AriaRole.LINK, exactly("Settings")).click();
        page.getByRole(AriaRole.BUTTON, exactly("Export all data")).click();
        Locator take = page.getByRole(AriaRole.BUTTON, exactly("Download"));
        take.waitFor();
        Chromium.shot(page, "settings");
        Download file = page.waitForDownload(take::click);
        assertThat(file.suggestedFilename()).matches("analytical-engines-\\d{4}-\\d{2}-\\d{2}\\.zip");
        List<String> names = new ArrayList<>();
        try (InputStream bytes = file.createReadStream();
                ZipInputStream zip = new ZipInputStream(bytes)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                names.add(entry.getName());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }

    private static Page.GetByRoleOptions exactly(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }
}
