package dev.parley.channel.adapter.email;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "On Fri, 20 Nov 2026 at 10:00, Shop <help@shop.example> wrote:",
                "On Fri, 20 Nov 2026 at 10:00, A Shop With A Long Name\n<help@shop.example> wrote:",
                "Am 20.11.2026 um 10:00 schrieb Shop:",
                "Le ven. 20 nov. 2026 à 10:00, Shop a écrit :",
                "El vie, 20 nov 2026 a las 10:00, Shop escribió:",
                "Em sex., 20 de nov. de 2026, Shop escreveu:",
                "Il giorno ven 20 nov 2026 Shop ha scritto:",
                "-----Original Message-----",
                "________________________________",
                "From: Shop <help@shop.example>\nSent: Friday, November 20, 2026",
                "Von: Shop\nGesendet: Freitag, 20. November 2026",
                "-- "
            })
    void whatIsAnsweredIsLeftOut(String attribution) {
        assertThat(MailText.written("Yes, please.\r\nBoth.\r\n\r\n" + attribution + "\nYour order is ready.\n> x\n"))
                .isEqualTo("Yes, please.\nBoth.");
    }

    @Test
    void answersBetweenQuotedLinesStay() {
        assertThat(MailText.written("> Which size?\nLarge\n> Which colour?\nRed"))
                .isEqualTo("Large\nRed");
    }

    @Test
    void answersBetweenQuotedLinesStayBelowWhoIsQuoted() {
        for (String attribution :
                new String[] {"On Fri, 20 Nov 2026 Shop wrote:", "On Fri, 20 Nov 2026 Shop\n<a@b> wrote:"}) {
            assertThat(MailText.written("Hello,\n\n" + attribution
                            + "\n\n> Which size?\n\nLarge\n\n> On Thu you wrote:\n> Which colour?\nRed\n-- \nAna\n> x"))
                    .isEqualTo("Hello,\n\nLarge\nRed");
        }
    }

    @Test
    void spacesOfAnyKindAreOneAndTakeNoTime() {
        assertThat(MailText.ofHtml("a&nbsp; &nbsp;b&nbsp;<br>&nbsp;c&#9;&#32;d"))
                .isEqualTo("a b\nc d");
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(5), () -> MailText.ofHtml("a" + "&nbsp;".repeat(1_000_000) + "b"));
    }

    @Test
    void aMailThatOnlyPassesAnotherOnSaysWhatIsInIt() {
        String forwarded = "-----Original Message-----\nFrom: Ana\n\nWhere is it?";

        assertThat(MailText.written(forwarded)).isEqualTo(forwarded);
        assertThat(MailText.written("> all\n> quoted")).isEqualTo("> all\n> quoted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"On my way!", "On Friday I wrote: nothing came", "From: me\nTo: you", "a -- b", "--help"})
    void ordinaryWordsStay(String text) {
        assertThat(MailText.written(text)).isEqualTo(text);
    }

    @Test
    void htmlBecomesWordsWithoutQuotations() {
        assertThat(MailText.ofHtml("""
            <html><head><title>x</title><style>p { color: red }</style></head><body>
            <p>Where is&nbsp;my <b>order</b>?</p><div>It&#39;s &lt;late&gt; &#x2713;</div><!-- <p>no</p> -->
            <SCRIPT>alert("</p>")</script ><blockquote>Dear <blockquote>older</blockquote> customer</blockquote>Ana
            <div class="gmail_quote">On Friday we wrote</div></body></html>
            """)).isEqualTo("Where is my order?\n\nIt's <late> ✓\nAna");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<",
                "<p",
                "<!--",
                "<style",
                "<style>",
                "<blockquote",
                "&",
                "&#;",
                "&#xFFFFFFFF;",
                "&#x110000;",
                "</"
            })
    void whatIsNoHtmlEndsToo(String html) {
        assertThat(MailText.ofHtml("a" + html)).startsWith("a");
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(5), () -> MailText.ofHtml(html.repeat(200_000) + ";>"));
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(5), () -> MailText.written(html.repeat(200_000)));
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(5), () -> MailText.written(("On " + "x ".repeat(490) + "\n").repeat(1_000)));
    }
}
