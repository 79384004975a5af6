package dev.parley.channel.contact;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads phone numbers as people and vendors write them, into the one form in which they are compared. */
public final class PhoneNumbers {
    private static final PhoneNumberUtil NUMBERS = PhoneNumberUtil.getInstance();
    /** Longer than any number with its punctuation; parsing more only costs time. */
    private static final int LONGEST = 64;

    private PhoneNumbers() {}

    /**
     * The number in E.164, or empty when it is none.
     *
     * @param region of numbers that are written without their country, an ISO 3166 code; null when there is none
     */
    public static Optional<String> e164(@Nullable String written, @Nullable String region) {
        return parse(written, region).map(number -> NUMBERS.format(number, PhoneNumberFormat.E164));
    }

    /** The region of a number that is written with its country, such as the account's own; empty when it is none. */
    public static Optional<String> region(@Nullable String written) {
        return parse(written, null).map(NUMBERS::getRegionCodeForNumber);
    }

    /** Whether numbers may be read as of that region. */
    static boolean isRegion(String region) {
        return NUMBERS.getSupportedRegions().contains(region);
    }

    private static Optional<PhoneNumber> parse(@Nullable String written, @Nullable String region) {
        if (written == null || written.isBlank() || written.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            PhoneNumber number = NUMBERS.parse(written, region);
            return NUMBERS.isValidNumber(number) ? Optional.of(number) : Optional.empty();
        } catch (NumberParseException none) {
            return Optional.empty();
        }
    }
}
