package dev.parley.channel.contact;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a contact; of a change: what is absent stays, and an empty text takes the value away.
 *
 * @param phone as it is written, with its country or as within {@code phone_region}
 * @param phoneRegion an ISO 3166 code, for a phone number without its country
 * @param fields the tenant's own facts, all of them: at most 50, of texts, numbers, truths or nothing
 * @param language a BCP 47 tag
 * @param timeZone an IANA name
 * @param consent whether the person agreed to be written to
 * @param consentSource where that agreement was given
 * @param optedOut whether the person wants to be sent nothing more
 */
public record ContactRequest(
        @Nullable @Size(max = 200) String displayName,
        @Nullable @Size(max = 64) String phone,

        @Nullable @Pattern(regexp = "[A-Z]{2}", message = "must be a region such as IN")
        String phoneRegion,

        @Nullable @Size(max = 254) @Email String email,
        @Nullable @Size(max = 50) Map<@NotBlank @Size(max = 64) String, @Nullable Object> fields,

        @Nullable
        @Size(max = 35)
        @Pattern(regexp = "([A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)?", message = "must be a language tag")
        String language,

        @Nullable @Size(max = 64) String timeZone,
        @Nullable Boolean consent,
        @Nullable @Size(max = 200) String consentSource,
        @Nullable Boolean optedOut) {
    private static final int LONGEST_FIELD = 1_000;

    /** Whether every fact is a text of bounded length, a number, a truth or nothing. */
    @Schema(hidden = true)
    @AssertTrue(message = "must hold texts of at most 1,000 characters, numbers, true, false or null")
    boolean isFieldsFlat() {
        return fields == null || fields.values().stream().allMatch(ContactRequest::isFlat);
    }

    private static boolean isFlat(@Nullable Object value) {
        return value == null
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof String text && text.length() <= LONGEST_FIELD;
    }

    /** Whether a database can hold all its texts. */
    @Schema(hidden = true)
    @AssertTrue(message = "must have no U+0000 and no half of a surrogate pair")
    boolean isStorable() {
        CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
        Stream<@Nullable Object> facts =
                fields == null ? Stream.empty() : Stream.concat(fields.keySet().stream(), fields.values().stream());
        return Stream.concat(Stream.of(displayName, phone, email, timeZone, consentSource), facts)
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .allMatch(text -> text.indexOf(0) < 0 && encoder.canEncode(text));
    }

    /** Whether there is such a region. */
    @Schema(hidden = true)
    @AssertTrue(message = "must be a region that has phone numbers")
    boolean isPhoneRegionKnown() {
        return phoneRegion == null || PhoneNumbers.isRegion(phoneRegion);
    }

    /** Whether there is such a time zone. */
    @Schema(hidden = true)
    @AssertTrue(message = "must be a time zone such as Asia/Kolkata")
    boolean isTimeZoneKnown() {
        return timeZone == null
                || timeZone.isEmpty()
                || ZoneId.getAvailableZoneIds().contains(timeZone);
    }

    /** The other contact that a contact is merged into. */
    public record Merge(@NotNull UUID into) {}
}
