package dev.parley.auth.invitation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.auth.member.Role;
import dev.parley.platform.mail.Mail;
import java.net.URI;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class InvitationMailTest {
    private static final URI LINK = URI.create("https://parley.test/console/invitations/abc");

    @Test
    void namesAreTextAndNeverMarkupOrHeaders() {
        Mail mail = InvitationMail.write(
                "a@b.test",
                "<img src=x onerror=alert(1)>\r\nBcc: all@b.test",
                "Eve & \"Co\"",
                Role.ADMIN,
                LINK,
                Instant.EPOCH);

        assertThat(mail.subject()).doesNotContain("\n", "\r").contains("Eve & \"Co\"");
        assertThat(mail.html())
                .doesNotContain("<img")
                .contains("&lt;img src=x onerror=alert(1)&gt; Bcc: all@b.test")
                .contains("Eve &amp; &quot;Co&quot;")
                .contains("href=\"" + LINK + "\"");
        assertThat(mail.text())
                .contains(LINK.toString())
                .contains("as an admin")
                .contains("1 January 1970, 00:00 UTC");
    }
}
