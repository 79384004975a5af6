package dev.parley.channel.contact;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import dev.parley.channel.contact.OptOutWords.Wish;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptOutWordsTest {
    private final OptOutWords words =
            new OptOutWords(new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "STOP",
                "stop",
                " Stop! ",
                "\"STOP\"",
                "/stop",
                "ＳＴＯＰ",
                "StopAll",
                "stop-all",
                "UNSUBSCRIBE",
                "Cancel.",
                "END",
                "quit",
                "Stopp",
                "Désabonner",
                "PARAR",
                "बंद करो",
                "إلغاء الاشتراك",
                "\u200bstop\u200b",
                "stop 🛑"
            })
    void aWordAloneEndsIt(String text) {
        assertThat(words.read(text, "sms", null)).isEqualTo(Wish.STOP);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cancel",
                "END",
                "quit",
                "cancelar",
                "annuler",
                "beenden",
                "annulla",
                "sair",
                "baja",
                "alto",
                "yes",
                "alta"
            })
    void carriersWordsAreAnswersElsewhere(String text) {
        assertThat(words.read(text, "telegram", null)).isEqualTo(Wish.NONE);
        assertThat(words.read(text, "whatsapp", "es")).isEqualTo(Wish.NONE);
        assertThat(words.read(text, "sms", null)).isNotEqualTo(Wish.NONE);
    }

    @Test
    void otherLanguagesWordsAreNotThePersons() {
        assertThat(words.read("abmelden", "telegram", "de-AT")).isEqualTo(Wish.STOP);
        assertThat(words.read("abmelden", "telegram", "nl")).isEqualTo(Wish.NONE);
        assertThat(words.read("abmelden", "whatsapp", null)).isEqualTo(Wish.STOP);
        assertThat(words.read("Stop", "telegram", "de")).isEqualTo(Wish.STOP);
        assertThat(words.read("unsubscribe", "telegram", "xx")).isEqualTo(Wish.STOP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"START", "/start", "Unstop", "yes", "YES!", "alta", "शुरू"})
    void aWordAloneBeginsItAgain(String text) {
        assertThat(words.read(text, "sms", null)).isEqualTo(Wish.START);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "please stop",
                "stop it now",
                "don't stop",
                "the bus stop",
                "cancel my order",
                "stopper",
                "!!!",
                "yes please",
                "[photo] stop"
            })
    void anythingElseIsForTheAgent(String text) {
        assertThat(words.read(text, "sms", null)).isEqualTo(Wish.NONE);
    }

    @Test
    void aLongTextIsNoWord() {
        assertThat(words.read("stop" + " ".repeat(100_000), "sms", null)).isEqualTo(Wish.NONE);
    }

    @Test
    void whatIsSaidIsInThePersonsLanguageOrEnglish() {
        assertThat(words.notice(Wish.STOP, "de-AT")).startsWith("Sie erhalten keine");
        assertThat(words.notice(Wish.START, "pt_BR")).startsWith("Você voltará");
        assertThat(words.notice(Wish.STOP, "xx")).startsWith("You will get no more");
        assertThat(words.notice(Wish.STOP, null)).startsWith("You will get no more");
    }
}
