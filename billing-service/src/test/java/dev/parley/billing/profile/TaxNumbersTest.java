package dev.parley.billing.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaxNumbersTest {
    @ParameterizedTest
    @ValueSource(strings = {"27AAPFU0939F1ZV", "29AAAAA0000A1ZY", "27AAAAA0000A1Z2"})
    void gstNumbersWithTheirCheckDigit(String gstin) {
        assertThat(Gstin.isValid(gstin)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"27AAPFU0939F1ZW", "28AAPFU0939F1ZV", "99AAPFU0939F1ZV", "27aapfu0939f1zv", "27AAPFU0939F1Z", ""
            })
    void othersAreNone(String gstin) {
        assertThat(Gstin.isValid(gstin)).isFalse();
    }

    @Test
    void everyChangeOfOneDigitIsNoticed() {
        String valid = "27AAPFU0939F1ZV";
        for (int i = 0; i < valid.length() - 1; i++) {
            for (char other : "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".toCharArray()) {
                if (valid.charAt(i) != other) {
                    assertThat(Gstin.isValid(valid.substring(0, i) + other + valid.substring(i + 1)))
                            .as("place %d as %s", i, other)
                            .isFalse();
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"KA, 29", "IN-KA, 29", "29, 29", "in-mh, 27", "UT, 05"})
    void statesByLettersAndCodes(String state, String code) {
        assertThat(IndianStates.code(state)).contains(code);
    }

    @ParameterizedTest
    @CsvSource({
        "DE, DE123456789, true",
        "DE, DE12345678, false",
        "DE, FR12345678901, false",
        "FR, FRXX123456789, true",
        "GR, EL123456789, true",
        "GR, GR123456789, false",
        "NL, NL123456789B01, true",
        "IN, IN123456789, false",
        "US, US123456789, false",
    })
    void vatIdsHaveTheFormOfTheirCountry(String country, String vatId, boolean valid) {
        assertThat(VatId.isValid(country, vatId)).isEqualTo(valid);
    }
}
