package dev.parley.auth.signup;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The password of a sign-up must not be one that is guessed early: long enough, not common, not the own name. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = StrongPassword.Check.class)
public @interface StrongPassword {
    /** What is told when no rule says it better. */
    String message() default "is too weak";

    /** Part of Bean Validation's contract. */
    Class<?>[] groups() default {};

    /** Part of Bean Validation's contract. */
    Class<? extends Payload>[] payload() default {};

    /** The check. */
    final class Check implements ConstraintValidator<StrongPassword, SignupRequest> {
        private static final int SHORTEST = 10;
        private static final int LONGEST = 128;
        private static final int FEWEST_DIFFERENT = 4;
        private static final Set<String> COMMON = Set.of(
                "0123456789",
                "0987654321",
                "1111222233",
                "1234512345",
                "1234567890",
                "12345678901",
                "123456789012",
                "12345678910",
                "1234567899",
                "1q2w3e4r5t",
                "1q2w3e4r5t6y",
                "1qaz2wsx3edc",
                "9876543210",
                "abcdefghij",
                "abcdefghijk",
                "admin12345",
                "admin123456",
                "administrator",
                "administrator1",
                "asdfghjkl1",
                "baseball123",
                "changeme123",
                "changemenow",
                "computer123",
                "football123",
                "freedom123",
                "hello12345",
                "iloveyou12",
                "iloveyou123",
                "internet123",
                "jennifer123",
                "letmein123",
                "letmein1234",
                "letmeinplease",
                "michael123",
                "mypassword",
                "mypassword1",
                "p@ssw0rd123",
                "p@ssword123",
                "passw0rd123",
                "password!1",
                "password12",
                "password12!",
                "password123",
                "password1234",
                "password@123",
                "passwordpassword",
                "princess123",
                "q1w2e3r4t5",
                "q1w2e3r4t5y6",
                "qwerty1234",
                "qwerty12345",
                "qwerty123456",
                "qwertyqwerty",
                "qwertyuiop",
                "qwertyuiop1",
                "secretpassword",
                "starwars123",
                "sunshine123",
                "superman123",
                "test123456",
                "testpassword",
                "testtest12",
                "trustno123",
                "welcome123",
                "welcome1234",
                "welcome2024",
                "welcome2025",
                "welcome2026",
                "welcome@123",
                "whatever123",
                "yourpassword",
                "zaq1zaq1zaq1");

        @Override
        public boolean isValid(SignupRequest request, ConstraintValidatorContext context) {
            Optional<String> fault = fault(request);
            fault.ifPresent(text -> {
                context.disableDefaultConstraintViolation();
                context.buildConstraintViolationWithTemplate(text)
                        .addPropertyNode("password")
                        .addConstraintViolation();
            });
            return fault.isEmpty();
        }

        private static Optional<String> fault(SignupRequest request) {
            String password = request.password();
            if (password == null) {
                return Optional.of("must not be blank");
            }
            if (password.codePointCount(0, password.length()) < SHORTEST) {
                return Optional.of("must have at least " + SHORTEST + " characters");
            }
            if (password.length() > LONGEST) {
                return Optional.of("must have at most " + LONGEST + " characters");
            }
            String lower = password.toLowerCase(Locale.ROOT);
            if (COMMON.contains(lower) || lower.codePoints().distinct().count() < FEWEST_DIFFERENT) {
                return Optional.of("is too easy to guess");
            }
            return lower.equalsIgnoreCase(request.email()) || lower.equalsIgnoreCase(request.name())
                    ? Optional.of("must not be the name or the e-mail address")
                    : Optional.empty();
        }
    }
}
