package dev.parley.channel.adapter.rendering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.parley.channel.adapter.Mark;
import dev.parley.channel.adapter.Mark.Kind;
import dev.parley.channel.adapter.OutboundPart;
import dev.parley.channel.adapter.OutboundReply;
import dev.parley.channel.adapter.rendering.Rendering.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MarkdownTest {
    /** Markdown, as words, with WhatsApp's signs, and with marks: the text and then each mark as kind[what](detail). */
    static Stream<Arguments> forms() {
        return Stream.of(
                same("Hello **you** there", "Hello you there", "Hello *you* there", "Hello you there", "BOLD[you]"),
                same("*one* and _two_", "one and two", "_one_ and _two_", "one and two", "ITALIC[one] ITALIC[two]"),
                same("***both***", "both", "*_both_*", "both", "BOLD[both] ITALIC[both]"),
                same("**a _b_ c**", "a b c", "*a _b_ c*", "a b c", "ITALIC[b] BOLD[a b c]"),
                same("~~gone~~ ~5 km", "gone ~5 km", "~gone~ ~5 km", "gone ~5 km", "STRIKETHROUGH[gone]"),
                same("un**believ**able", "unbelievable", "unbelievable", "unbelievable", "BOLD[believ]"),
                same("这是**重点**内容", "这是重点内容", "这是重点内容", "这是重点内容", "BOLD[重点]"),
                same("**שלום** עולם", "שלום עולם", "*שלום* עולם", "שלום עולם", "BOLD[שלום]"),
                same("😀 **b**", "😀 b", "😀 *b*", "😀 b", "BOLD[b]"),
                same("run `a_b*c` now", "run a_b*c now", "run `a_b*c` now", "run a_b*c now", "CODE[a_b*c]"),
                same(
                        "**use `x` here**",
                        "use x here",
                        "*use* `x` *here*",
                        "use x here",
                        "BOLD[use] CODE[x] BOLD[here]"),
                same(
                        "See [our page](https://x.example/a_b_c).",
                        "See our page (https://x.example/a_b_c).",
                        "See our page (https://x.example/a_b_c).",
                        "See our page.",
                        "LINK[our page](https://x.example/a_b_c)"),
                same(
                        "[https://x.example/](https://x.example/)",
                        "https://x.example/",
                        "https://x.example/",
                        "https://x.example/",
                        ""),
                same(
                        "[x.example](https://x.example/)",
                        "https://x.example/",
                        "https://x.example/",
                        "https://x.example/",
                        ""),
                same(
                        "[write](mailto:a@b.example)",
                        "write (a@b.example)",
                        "write (a@b.example)",
                        "write (a@b.example)",
                        ""),
                same(
                        "<https://x.example> <a@b.example>",
                        "https://x.example a@b.example",
                        "https://x.example a@b.example",
                        "https://x.example a@b.example",
                        ""),
                same(
                        "[run](javascript:alert(1))",
                        "run (javascript:alert(1))",
                        "run (javascript:alert(1))",
                        "run (javascript:alert(1))",
                        ""),
                same(
                        "![a cat](https://x.example/c.png)",
                        "a cat (https://x.example/c.png)",
                        "a cat (https://x.example/c.png)",
                        "a cat",
                        "LINK[a cat](https://x.example/c.png)"),
                same(
                        "**https://x.example/a_b_**, go",
                        "https://x.example/a_b_, go",
                        "*https://x.example/a_b_*, go",
                        "https://x.example/a_b_, go",
                        "BOLD[https://x.example/a_b_]"),
                same(
                        "# Prices\nFrom 5 €",
                        "Prices\nFrom 5 €",
                        "*Prices*\nFrom 5 €",
                        "Prices\nFrom 5 €",
                        "BOLD[Prices]"),
                same("## **Prices**\n\nx", "Prices\n\nx", "*Prices*\n\nx", "Prices\n\nx", "BOLD[Prices]"),
                same(
                        "We have:\n* **red**\n* blue\n  - light\n\nAnd:\n1. one\n1. two\n1. three",
                        "We have:\n- red\n- blue\n  - light\n\nAnd:\n1. one\n2. two\n3. three",
                        "We have:\n- *red*\n- blue\n  - light\n\nAnd:\n1. one\n2. two\n3. three",
                        "We have:\n- red\n- blue\n  - light\n\nAnd:\n1. one\n2. two\n3. three",
                        "BOLD[red]"),
                same(
                        "He wrote:\n> one **two**\n> three\n\nend",
                        "He wrote:\n> one two\n> three\n\nend",
                        "He wrote:\n> one *two*\n> three\n\nend",
                        "He wrote:\none two\nthree\n\nend",
                        "BOLD[two] QUOTE[one two\nthree]"),
                same(
                        "So:\n```java\nint a_b;\n\n  x();\n```\ndone",
                        "So:\nint a_b;\n\n  x();\ndone",
                        "So:\n```int a_b;\n\n  x();```\ndone",
                        "So:\nint a_b;\n\n  x();\ndone",
                        "BLOCK[int a_b;\n\n  x();](java)"),
                same("```\nnever closed", "never closed", "```never closed```", "never closed", "BLOCK[never closed]"),
                same(
                        "| Size | Price |\n|---|---:|\n| S | **5** |\n| L | |\nend".replace("\nend", "\n\nend"),
                        "Size: Price\nS: 5\nL\n\nend",
                        "Size: Price\nS: *5*\nL\n\nend",
                        "Size: Price\nS: 5\nL\n\nend",
                        "BOLD[5]"),
                same(
                        "|**Size**|Price|Stock|\n|---|---|---|\n|S|5|many|\n|L||few|\n||9||",
                        "S - Price: 5, Stock: many\nL - Stock: few\nPrice: 9",
                        "S - Price: 5, Stock: many\nL - Stock: few\nPrice: 9",
                        "S - Price: 5, Stock: many\nL - Stock: few\nPrice: 9",
                        ""),
                same("**a<br>\nb<br>**", "a\n\nb", "*a*\n\n*b*", "a\n\nb", "BOLD[a\n\nb]"),
                same("one<br>**two**", "one\ntwo", "one\n*two*", "one\ntwo", "BOLD[two]"),
                same("**one\ntwo**", "one\ntwo", "*one*\n*two*", "one\ntwo", "BOLD[one\ntwo]"),
                same("\\*no\\* **yes**", "*no* yes", "*no* *yes*", "*no* yes", "BOLD[yes]"),
                same("AT&amp;T", "AT&T", "AT&T", "AT&T", ""),
                same(
                        "Top **3**:\n\n3. Bronze\n2. Silber\n1. Gold",
                        "Top 3:\n\n3. Bronze\n2. Silber\n1. Gold",
                        "Top *3*:\n\n3. Bronze\n2. Silber\n1. Gold",
                        "Top 3:\n\n3. Bronze\n2. Silber\n1. Gold",
                        "BOLD[3]"),
                same(
                        "**geschlossen**:\n\n24. Dezember\n25. Dezember\n1. Januar",
                        "geschlossen:\n\n24. Dezember\n25. Dezember\n1. Januar",
                        "*geschlossen*:\n\n24. Dezember\n25. Dezember\n1. Januar",
                        "geschlossen:\n\n24. Dezember\n25. Dezember\n1. Januar",
                        "BOLD[geschlossen]"),
                same(
                        "> So:\n> 1) **a**\n> 1) b",
                        "> So:\n> 1) a\n> 2) b",
                        "> So:\n> 1) *a*\n> 2) b",
                        "So:\n1) a\n2) b",
                        "BOLD[a] QUOTE[So:\n1) a\n2) b]"),
                same(
                        "***21*+49123456#** now",
                        "*21*+49123456# now",
                        "*21*+49123456# now",
                        "*21*+49123456# now",
                        "BOLD[*21*+49123456#]"),
                same(
                        "**5 €***, then **6 €**\n\n* **incl.** VAT",
                        "5 €*, then 6 €\n\n* incl. VAT",
                        "*5 €**, then *6 €*\n\n* *incl.* VAT",
                        "5 €*, then 6 €\n\n* incl. VAT",
                        "BOLD[5 €] BOLD[6 €] BOLD[incl.]"),
                same("> 5 kg: **9 €**", "> 5 kg: 9 €", "> 5 kg: *9 €*", "> 5 kg: 9 €", "BOLD[9 €]"),
                same(
                        "[**sic**](c), f[i](x)",
                        "[sic](c), f[i](x)",
                        "[*sic*](c), f[i](x)",
                        "[sic](c), f[i](x)",
                        "BOLD[sic]"),
                same("<mailto:a@b.example>", "a@b.example", "a@b.example", "a@b.example", ""),
                same("> - a\n> - **b**", "> - a\n> - b", "> - a\n> - *b*", "- a\n- b", "BOLD[b] QUOTE[- a\n- b]"),
                same(
                        "> 1. a\n> 2. _b_",
                        "> 1. a\n> 2. b",
                        "> 1. a\n> 2. _b_",
                        "1. a\n2. b",
                        "ITALIC[b] QUOTE[1. a\n2. b]"),
                same("> _a_", "> a", "> _a_", "a", "ITALIC[a] QUOTE[a]"),
                same("Prices\n------\n5 €", "Prices\n5 €", "*Prices*\n5 €", "Prices\n5 €", "BOLD[Prices]"));
    }

    private static Arguments same(String markdown, String words, String signs, String marked, String marks) {
        return Arguments.of(markdown, words, signs, marked, marks);
    }

    @ParameterizedTest
    @MethodSource("forms")
    void markdownBecomesTheChannelsOwn(String markdown, String words, String signs, String marked, String marks) {
        assertThat(sent(markdown, Form.WORDS)).isEqualTo(new OutboundPart.Text(words));
        assertThat(sent(markdown, Form.SIGNS)).isEqualTo(new OutboundPart.Text(signs));
        OutboundPart.Text text = sent(markdown, Form.MARKS);
        assertThat(text.text()).isEqualTo(marked);
        assertThat(described(text)).isEqualTo(marks);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain words",
                "a snake_case_name and another_one",
                "2*3*4 is 24, and 2 * 3 is 6",
                "2**3**4",
                "f(x)*g(x)*h",
                "a lone * star, a lone _ and a ` too",
                "*",
                "first_last@mail.example, _x",
                "https://x.example/a_b_c/_y_?q=*1*&z=~~2~~ is it",
                "(see http://x.example/a_(b)_c).",
                "one\ntwo\n\n\nthree",
                "   set in\n      deeper _ here",
                "\ttab * tab",
                "😀 ❤️ 👨‍👩‍👧 * and ~ more",
                "مرحبا * كيف_الحال",
                "5 < 6 > 4 & 7",
                "<b>not ours</b> & <name>",
                "Fish & Chips | Peas",
                "#hashtag and #1",
                "1. one\n2. two\n4. four",
                "10. Oktober",
                "- a\n- b\n+ 5 € shipping",
                "[ ] open, [x] done, [sic]",
                "C:\\new\\dir",
                "Name: ____ Date: ____",
                "a ~ b ~~ c",
                "****",
                "[1]: https://x.example",
                "Öffnungszeiten & mehr\n\n24. Dezember\n1. Januar",
                "Öffnungszeiten & mehr\n\n24. Dezember\n25. Dezember\n1. Januar",
                "Top 3 & mehr:\n\n3. Bronze\n2. Silber\n1. Gold",
                "Sieger & Platzierte\n1. Anna\n2. Bo\n2. Cem\n4. Dan",
                "& so\n\n007.",
                "007. Bond & Co.",
                "01. Mai & 02. Mai",
                "1986. A great year & more",
                "10. & 11. März\n1. April",
                "1) first & last\n3) third",
                "0. zero & all\n0. again",
                "Dial *144*1# now.",
                "Dial *100# or *101#, then *3#",
                "**21*+49123456#",
                "**61*+4912345*11*20#",
                "Dial **61*+4912345**20# please",
                "*21*+49123# setzt, #21# löscht, *#21# fragt ab",
                "*#06# shows the number, ##002# ends all",
                "*99***1#",
                "*123*456*789#",
                "Code: *144*1#*2#",
                "拨打*100#查询*200#余额",
                "اطلب *123*4# الآن",
                "Наберите *100*1# сейчас",
                "+49***123***45 & ****1234",
                "5 * 3 * 2 and 5*3*2",
                "3€*2*4 or 50%*2*3",
                "x**2 + y**2, π*r*r, ж*2*я",
                "Tea 5 €*, coffee 6 €*",
                "Preis: 5 €*\n\n* inkl. MwSt.",
                "* 5 °C morgens\n* 3 °C abends",
                "-5 °C today & +3 °C tomorrow",
                "- a dash & more",
                "— Goethe & Schiller",
                "(*) required, (*) needed",
                "f**k and s**t, sh*t",
                "/usr/*/bin/*/x and ~/docs/a_b",
                "C:\\new\\*.txt",
                "C:\\temp\\_old\\!important and D:\\x_y_",
                "\\\\server\\share\\_x_",
                "¯\\_(ツ)_/¯",
                "^_^ and -_- and o_O, T_T",
                "*_* and (*_*), (>_<) (*^_^*)",
                ">_<",
                ">:( no & no",
                ">= 5 & more",
                ">50 people & more",
                "I <3 you & <3 her, <- back -> on",
                "[sic] [sic](c) (c) 2026",
                "f[i](x) = a[0](b)",
                "[10:30]: started\nsee [10:30]",
                "# 5",
                "#1 #hashtag #another_one_",
                "#\nx & y",
                "5 + 3\n=\n8 & more",
                "one\ntwo & three\n---\nfour",
                "* * *",
                "- - -",
                "~~~",
                "<br>",
                "don`t & can`t",
                "_ana_@mail.example and @_ana_",
                "Ask first_last@mail.example, a_b@c_d.example",
                "__init__.py and __len__(x)",
                "שלום & כיף_חיים_",
                "👍🏽 *️⃣ 1️⃣ 👩‍❤️‍👨 & 🇩🇪_🇫🇷",
                "Q&A, R&D; x&y=1&copy=2",
                "12:30 * 13:30, 08:00_12:00_16:00",
                "IMG_2026_11_22.jpg, *.pdf and *.txt",
                "List<String> x, Map<String, List<int>> y",
                "trailing  \nspaces & lines\n\n\n\nend  ",
                "wait...\r\nwhat_is it"
            })
    void whatIsNoMarkdownComesOutAsItWentIn(String text) {
        for (Form form : Form.values()) {
            assertThat(Rendering.parts(OutboundReply.of(text).asMarkdown(), Limits.words(4096), form))
                    .as(form.name())
                    .containsExactly(new OutboundPart.Text(text.strip()));
        }
    }

    /** Beside what is Markdown, too, where the text does not come back as a whole. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "24. Dezember\n25. Dezember\n1. Januar",
                "1. Anna\n2. Bo\n2. Cem\n4. Dan",
                "007. Bond",
                "Dial *144*1# now.",
                "Dial **61*+4912345**20# please",
                "*21*+49123# setzt, #21# löscht, *#21# fragt ab",
                "Tea 5 €*, coffee 6 €*",
                "* 5 °C\n* 3 °C",
                "x**2 + y**2",
                ">= 5",
                ">_<",
                "> 5 kg",
                "C:\\new\\*.txt",
                "[10:30]: started\nsee [10:30]",
                "5 + 3\n=\n8",
                "one\ntwo\n---\nthree",
                "# 5",
                "* * *",
                "- - -",
                "¯\\_(ツ)_/¯",
                "don`t, can`t",
                "<b>no</b> & <3",
                "a\n\n\n\nb"
            })
    void wordsBesideMarkdownStayAsTheyAre(String text) {
        for (Form form : Form.values()) {
            assertThat(Markdown.read(text + "\n\n**x**", form).text())
                    .as(form.name())
                    .isEqualTo(text + "\n\nx");
        }
    }

    @Test
    void aShortTextBecomesNoLongOne() {
        String title = "t".repeat(20_000);
        for (String hostile : List.of(
                "100000000. ".repeat(30) + "a" + "\nb".repeat(10_000),
                "> ".repeat(30) + "a" + "\nb".repeat(10_000),
                "|a|b|" + title + "|\n|-|-|-|\n" + "|a|b|c|\n".repeat(5_000),
                "[a]: https://x.example/" + title + "\n\n" + "[a] ".repeat(5_000) + "[b]")) {
            for (Form form : Form.values()) {
                assertThat(Markdown.read(hostile, form).text())
                        .hasSizeLessThanOrEqualTo(2 * hostile.length() + 1_000 + title.length() * 2);
            }
        }
        assertThat(Rendering.parts(
                        OutboundReply.of("100000000. ".repeat(30) + "a" + "\nb".repeat(10_000))
                                .asMarkdown(),
                        Limits.words(4096),
                        Form.WORDS))
                .hasSizeLessThan(8);
    }

    @Test
    void whatIsDeepIsSetInNoFurther() {
        String read = Markdown.read("> ".repeat(30) + "**a**\n" + "> ".repeat(30) + "b", Form.WORDS)
                .text();

        assertThat(read.lines().skip(1)).containsExactly("> ".repeat(20) + "b");
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void whatSomebodyTypedIsSentLetterByLetter(Form form) {
        assertThat(Rendering.parts(OutboundReply.of("**no** [x](https://y)"), Limits.words(99), form))
                .containsExactly(new OutboundPart.Text("**no** [x](https://y)"));
    }

    @Test
    void marksAreCutWhereTheTextIs() {
        List<OutboundPart> parts = Rendering.parts(
                OutboundReply.of("aa **bb cc** dd\n```x\nee ff\n```").asMarkdown(), Limits.words(6), Form.MARKS);

        assertThat(parts.stream()
                        .map(part -> (OutboundPart.Text) part)
                        .map(text -> text.text() + " / " + described(text)))
                .containsExactly("aa bb / BOLD[bb]", "cc dd / BOLD[cc]", "ee ff / BLOCK[ee ff](x)");
    }

    @Test
    void signsAreClosedWhereTheTextIsCutAndNeverMakeItTooLong() {
        OutboundReply reply = OutboundReply.of("**aa bb cc** dd").asMarkdown();

        assertThat(Rendering.parts(reply, Limits.words(8), Form.SIGNS))
                .containsExactly(new OutboundPart.Text("*aa bb*"), new OutboundPart.Text("*cc* dd"));
        assertThat(Rendering.parts(reply, Limits.words(6), Form.SIGNS))
                .containsExactly(
                        new OutboundPart.Text("*aa*"),
                        new OutboundPart.Text("*bb*"),
                        new OutboundPart.Text("*cc*"),
                        new OutboundPart.Text("dd"));
        assertThat(Rendering.parts(reply, Limits.words(2), Form.SIGNS))
                .as("where signs find no room there are none")
                .hasSize(7)
                .startsWith(new OutboundPart.Text("a"))
                .endsWith(new OutboundPart.Text("dd"));
    }

    @Test
    void marksMoveBehindWhatStandsBefore() {
        MarkedText moved = Markdown.read("**b**", Form.MARKS).between("one ", " two");

        assertThat(moved).isEqualTo(new MarkedText("one b two", List.of(new Mark(Kind.BOLD, 4, 1, null))));
    }

    @Test
    void aHundredMarksAreSentAndAddressesFirst() {
        OutboundPart.Text text = sent("**a** ".repeat(150) + "[x](https://y.example)", Form.MARKS);

        assertThat(text.marks()).hasSize(100).first().extracting(Mark::kind).isEqualTo(Kind.LINK);
    }

    @Test
    void textWithoutMarksIsTheVeryObject() {
        String text = "Nothing to see here - really. 1. one\n- two";

        assertThat(Markdown.mayMark(text)).isFalse();
        assertThat(Markdown.read(text, Form.WORDS).text()).isSameAs(text);
    }

    @Test
    void randomTextStaysWithinLimitsAndPlainTextIsKept() {
        Random random = new Random(11);
        String[] marked = {
            "*",
            "**",
            "_",
            "~~",
            "`",
            "```\n",
            "[",
            "](https://x)",
            "# ",
            "> ",
            "- ",
            "1. ",
            "|",
            "\n",
            "\n\n",
            " ",
            "word",
            "😀",
            "é",
            "<",
            "\\",
            "&amp;",
            "|-|-|\n",
            "h",
            "https://a_b*c"
        };
        String[] plain = {"word", " ", "\n", "\n\n", "😀", "שלום", "1.", "a-b", "(x)", "é", "  ", "?!", "h", "http://a"
        };
        for (int round = 0; round < 2_000; round++) {
            String noise = noise(random, marked);
            String words = noise(random, plain);
            for (Form form : Form.values()) {
                for (OutboundPart part :
                        Rendering.parts(OutboundReply.of(noise).asMarkdown(), Limits.words(40), form)) {
                    OutboundPart.Text text = (OutboundPart.Text) part;
                    assertThat(text.text()).hasSizeLessThanOrEqualTo(40).isNotBlank();
                    assertThat(text.marks())
                            .allMatch(mark -> mark.start() >= 0
                                    && mark.length() > 0
                                    && mark.end() <= text.text().length());
                }
                assertThat(Markdown.read(words, form)).isEqualTo(MarkedText.of(words));
            }
        }
    }

    /** Bounds are generous: what is quadratic takes minutes. */
    @ParameterizedTest
    @EnumSource(Form.class)
    void hostileTextTakesNoTime(Form form) {
        for (String hostile : List.of(
                "*".repeat(10_000) + "a" + "*".repeat(10_000),
                "*a **b ".repeat(10_000),
                "**a ".repeat(10_000) + "**".repeat(10_000),
                "*a_b".repeat(25_000),
                "[".repeat(100_000),
                "[".repeat(1 << 20),
                "![".repeat(20_000) + "](x)".repeat(15_000),
                "[a](".repeat(25_000),
                "> ".repeat(50_000),
                "> ".repeat(1_000) + "\n>".repeat(40_000),
                "- ".repeat(25_000) + "a" + "\n".repeat(50_000),
                "```".repeat(33_000),
                "`a``b```c".repeat(11_000),
                "<".repeat(100_000),
                "<a b=\"".repeat(14_000),
                "https://".repeat(12_500),
                "|".repeat(5_000) + "\n" + "|-".repeat(5_000) + "|\n" + "|\n".repeat(20_000),
                "\\".repeat(99_000) + "*",
                "**a**".repeat(20_000),
                "~~a ".repeat(25_000))) {
            assertThatCode(() -> Rendering.parts(OutboundReply.of(hostile).asMarkdown(), Limits.words(4000), form))
                    .doesNotThrowAnyException();
            long began = System.nanoTime();
            Rendering.parts(OutboundReply.of(hostile).asMarkdown(), Limits.words(4000), form);
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .as(hostile.substring(0, 12))
                    .isLessThan(Duration.ofSeconds(5));
        }
    }

    private static String noise(Random random, String[] words) {
        StringBuilder noise = new StringBuilder();
        for (int i = random.nextInt(60); i > 0; i--) {
            noise.append(words[random.nextInt(words.length)]);
        }
        return noise.toString();
    }

    private static OutboundPart.Text sent(String markdown, Form form) {
        List<OutboundPart> parts = Rendering.parts(OutboundReply.of(markdown).asMarkdown(), Limits.words(4096), form);
        assertThat(parts).hasSize(1);
        return (OutboundPart.Text) parts.getFirst();
    }

    private static String described(OutboundPart.Text text) {
        return String.join(
                " ",
                text.marks().stream()
                        .map(mark -> mark.kind() + "[" + text.text().substring(mark.start(), mark.end()) + "]"
                                + (mark.detail() == null ? "" : "(" + mark.detail() + ")"))
                        .toList());
    }
}
