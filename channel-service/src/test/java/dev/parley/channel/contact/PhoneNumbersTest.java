package dev.parley.channel.contact;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhoneNumbersTest {
    @ParameterizedTest
    @CsvSource({
        "IN, 98765 43210, +919876543210",
        "IN, 09876543210, +919876543210",
        "IN, +91-98765-43210, +919876543210",
        "US, (415) 555-2671, +14155552671",
        "US, 1 415 555 2671, +14155552671",
        "GB, 020 7946 0958, +442079460958",
        "DE, 030 901820, +4930901820",
        "IT, 06 6982, +39066982",
        "BR, (11) 96123-4567, +5511961234567",
        "MX, 55 1234 5678, +525512345678",
        "AU, 0412 345 678, +61412345678",
        "JP, 090-1234-5678, +819012345678",
        "NG, 0802 123 4567, +2348021234567",
        "IN, +1 (415) 555-2671, +14155552671",
        "US, +91 98765 43210, +919876543210",
        "IN, '٠٩٨٧٦٥٤٣٢١٠', +919876543210"
    })
    void aNumberIsItselfHoweverItIsWritten(String region, String written, String e164) {
        assertThat(PhoneNumbers.e164(written, region)).contains(e164);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "call me", "12", "+999 1234567890", "98765 4321", "+9198765432101234567890", "1-800"})
    void whatIsNoNumberIsNone(String written) {
        assertThat(PhoneNumbers.e164(written, "IN")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"+14155552671, US", "+919876543210, IN", "+442079460958, GB", "+16135550123, CA", "+77011234567, KZ"})
    void anAccountsOwnNumberSaysItsRegion(String number, String region) {
        assertThat(PhoneNumbers.region(number)).contains(region);
    }

    @ParameterizedTest
    @ValueSource(strings = {"98765 43210", "@parley_bot"})
    void withoutItsCountryANumberSaysNoRegion(String number) {
        assertThat(PhoneNumbers.region(number)).isEmpty();
    }
}
