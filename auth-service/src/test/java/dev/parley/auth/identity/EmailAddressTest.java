package dev.parley.auth.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmailAddressTest {
    @ParameterizedTest
    @CsvSource({
        "Asha@Example.COM, asha@example.com",
        "'  a@b.in ', a@b.in",
        "first.last+tag@mail.example.co.in, first.last+tag@mail.example.co.in",
        "owner@demo.parley.local, owner@demo.parley.local",
        "o'brien@example.ie, o'brien@example.ie"
    })
    void anAddressHasOneForm(String typed, String normal) {
        assertThat(EmailAddress.parse(typed)).contains(new EmailAddress(normal));
    }

    @Test
    void aLongAddressIsNone() {
        assertThat(EmailAddress.parse("a".repeat(65) + "@example.com")).isEmpty();
        assertThat(EmailAddress.parse("a".repeat(64) + "@example.com")).isPresent();
        assertThat(EmailAddress.parse("a@" + "b".repeat(60) + ".example".repeat(30) + ".com"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "nobody",
                "@example.com",
                "a@",
                "a@b",
                "a b@example.com",
                "a@exa mple.com",
                "a@@example.com",
                "a@example..com",
                ".a@example.com",
                "a.@example.com",
                "a@-example.com",
                "a@example.com\nb",
                "<a@example.com>",
                "a@example.com,b@example.com",
                "\"a\"@example.com",
                "a@127.0.0.1"
            })
    void otherTextsAreNone(String text) {
        assertThat(EmailAddress.parse(text)).isEmpty();
    }
}
