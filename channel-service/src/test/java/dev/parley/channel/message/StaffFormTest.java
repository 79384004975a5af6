package dev.parley.channel.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.Button;
import dev.parley.channel.adapter.ButtonRules;
import dev.parley.channel.adapter.Capabilities;
import dev.parley.channel.adapter.OutboundPart;
import dev.parley.channel.adapter.OutboundReply;
import dev.parley.channel.message.SendMessageRequest.Choice;
import dev.parley.channel.message.SendMessageRequest.Template;
import dev.parley.platform.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StaffFormTest {
    private static final Capabilities THREE = can(new ButtonRules(3, 20, 8), true);
    private static final Capabilities NONE = can(ButtonRules.NONE, false);
    private final ObjectMapper json = new ObjectMapper();

    @Test
    void buttonsWithinTheLimitsStandUnderTheWords() {
        StaffForm form = form(THREE, choice("yes", "Yes, please"), choice("no", "  No  "));

        assertThat(form.text()).isEqualTo("Shall we?");
        assertThat(form.reply(List.of()))
                .isEqualTo(new OutboundReply(
                        "Shall we?",
                        List.of(new Button("yes", "Yes, please"), new Button("no", "No")),
                        List.of(),
                        null));
        assertThat(form.storedButtons(json).toString())
                .isEqualTo("[{\"id\":\"yes\",\"title\":\"Yes, please\"},{\"id\":\"no\",\"title\":\"No\"}]");
        assertThat(form.storedTemplate(json)).isNull();
    }

    @Test
    void whereThereAreNoButtonsTheyAreLines() {
        StaffForm form = form(NONE, choice("a", "x".repeat(60)), choice("b", "No"));

        assertThat(form.text()).isEqualTo("Shall we?\n\n1. " + "x".repeat(60) + "\n2. No");
        assertThat(form.buttons()).isEmpty();
        assertThat(form.storedButtons(json)).isNull();
    }

    @Test
    void limitsAreExact() {
        assertThat(form(THREE, choice("8".repeat(8), "t".repeat(20))).buttons()).hasSize(1);
        refused("/buttons/0/title", "has 20 characters at most on whatsapp", choice("1", "t".repeat(21)));
        refused("/buttons/0/id", "has 8 bytes at most on whatsapp", choice("9".repeat(9), "t"));
        refused("/buttons/0/id", "has 8 bytes at most on whatsapp", choice("äääää", "t"));
        refused("/buttons/1/id", "must be another one than those before", choice("1", "a"), choice("1", "b"));
        refused("/buttons/1/title", "must be another one than those before", choice("1", "a"), choice("2", "a "));
        refused(
                "/buttons",
                "are 3 at most on whatsapp",
                IntStream.range(0, 4).mapToObj(i -> choice("" + i, "t" + i)).toArray(Choice[]::new));
    }

    @Test
    void aTemplateStandsAloneAndIsShownByItsName() {
        StaffForm form =
                StaffForm.of(template(new Template("order_update", "en_US", List.of("Ana", "12"))), "whatsapp", THREE);

        assertThat(form.text()).isEqualTo("[template] order_update (en_US): Ana, 12");
        assertThat(form.reply(List.of()))
                .isEqualTo(new OutboundReply(
                        "",
                        List.of(),
                        List.of(),
                        new OutboundPart.Template("order_update", "en_US", List.of("Ana", "12"))));
        assertThat(form.storedTemplate(json).toString())
                .isEqualTo("{\"name\":\"order_update\",\"language\":\"en_US\",\"parameters\":[\"Ana\",\"12\"]}");
        assertThat(StaffForm.of(template(new Template("hi", "en", null)), "whatsapp", THREE)
                        .text())
                .isEqualTo("[template] hi (en)");
        assertRefused(
                () -> StaffForm.of(template(new Template("hi", "en", null)), "telegram", NONE),
                "/template",
                "is not for telegram");
    }

    @Test
    void theSameAgainIsTheSameWordsButtonsAndTemplate() throws Exception {
        StaffForm buttons = form(THREE, choice("1", "a"));
        StaffForm template = StaffForm.of(template(new Template("hi", "en", List.of("x"))), "whatsapp", THREE);

        assertThat(buttons.isStored("Shall we?", json.readTree("[{\"title\":\"a\",\"id\":\"1\"}]"), null, json))
                .isTrue();
        assertThat(buttons.isStored("Shall we?", json.readTree("[{\"title\":\"a\",\"id\":\"2\"}]"), null, json))
                .isFalse();
        assertThat(buttons.isStored("Shall we?", null, null, json)).isFalse();
        assertThat(template.isStored("[template] hi (en): x", null, null, json)).isFalse();
        assertThat(template.isStored(
                        "[template] hi (en): x",
                        null,
                        json.readTree("{\"name\":\"hi\",\"language\":\"en\",\"parameters\":[\"x\"]}"),
                        json))
                .isTrue();
    }

    @Test
    void aMessageIsWordsOrATemplateAndNothingBesideIt() {
        assertRefused(() -> words(null).demandContent(), "/text", "must not be blank");
        assertRefused(() -> words(" \n").demandContent(), "/text", "must not be blank");
        words("x").demandContent();
        template(new Template("hi", "en", null)).demandContent();
        Template hi = new Template("hi", "en", null);
        assertRefused(
                () -> new SendMessageRequest("x", null, null, null, null, hi).demandContent(),
                "/text",
                "is not for a template");
        assertRefused(
                () -> new SendMessageRequest(null, null, null, null, List.of(choice("1", "a")), hi).demandContent(),
                "/buttons",
                "are not for a template");
        assertThat(words("x").goesToCustomers()).isFalse();
        assertThat(new SendMessageRequest("x", null, null, null, List.of(choice("1", "a")), null).goesToCustomers())
                .isTrue();
    }

    @Test
    void whatStandsInATemplatesPlacesIsOneLine() {
        assertParameter("must not be blank", " ");
        assertParameter("has 1024 characters at most", "x".repeat(1025));
        assertParameter("must have no line breaks, tabs or five spaces in a row", "a\nb");
        assertParameter("must have no line breaks, tabs or five spaces in a row", "a\tb");
        assertParameter("must have no line breaks, tabs or five spaces in a row", "a     b");
        template(new Template("hi", "en", List.of("a    b", "x".repeat(1024)))).demandContent();
    }

    private static void assertParameter(String detail, String parameter) {
        assertRefused(
                () -> template(new Template("hi", "en", List.of("ok", parameter)))
                        .demandContent(),
                "/template/parameters/1",
                detail);
    }

    private static StaffForm form(Capabilities can, Choice... choices) {
        return StaffForm.of(
                new SendMessageRequest("Shall we?", null, null, null, List.of(choices), null), "whatsapp", can);
    }

    private static void refused(String pointer, String detail, Choice... choices) {
        assertRefused(() -> form(THREE, choices), pointer, detail);
    }

    private static void assertRefused(Runnable what, String pointer, String detail) {
        assertThatThrownBy(what::run).isInstanceOfSatisfying(Problem.class, problem -> assertThat(
                        problem.members().get("errors"))
                .isEqualTo(List.of(Map.of("pointer", pointer, "detail", detail))));
    }

    private static SendMessageRequest words(@Nullable String text) {
        return new SendMessageRequest(text, null, null, null, null, null);
    }

    private static SendMessageRequest template(Template template) {
        return new SendMessageRequest(null, null, null, null, null, template);
    }

    private static Choice choice(String id, String title) {
        return new Choice(id, title);
    }

    private static Capabilities can(ButtonRules buttons, boolean templates) {
        return new Capabilities(false, true, 4096, null, templates, true, buttons, true);
    }
}
