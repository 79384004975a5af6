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
        private static final int SHORTEST = 8;
        private static final int LONGEST = 128;
        private static final int FEWEST_DIFFERENT = 4;
        private static final Set<String> COMMON = Set.of(
                "password", "password1", "password12", "password123", "password1234", "passw0rd", "p@ssw0rd", "p@ssword",
                "12345678", "123456789", "1234567890", "12345678910", "87654321", "987654321", "0987654321", "123123123",
                "123456abc", "12341234", "11223344", "1q2w3e4r", "1q2w3e4r5t", "1qaz2wsx", "1qaz2wsx3edc", "zaq12wsx",
                "qwertyui", "qwertyuiop", "qwerty123", "qwerty12", "qwerty1234", "qwer1234", "asdfghjk", "asdfghjkl",
                "asdf1234", "abc12345", "abcd1234", "abcdefgh", "abcd12345", "a1b2c3d4", "aa123456", "a1234567", "a12345678",
                "iloveyou", "iloveyou1", "sunshine", "princess", "football", "football1", "baseball", "superman", "starwars",
                "trustno1", "welcome1", "welcome123", "letmein1", "letmein123", "changeme", "changeme123", "admin123",
                "admin1234", "administrator", "master123", "dragon123", "monkey123", "computer", "internet", "whatever",
                "test1234", "testtest", "secret123", "guest1234", "default1", "hello123", "freedom1", "india123",
                "india@123", "admin@123", "pass@123", "password@123", "welcome@123", "krishna1", "sairam123");

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
