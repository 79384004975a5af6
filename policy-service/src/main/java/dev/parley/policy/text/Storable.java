package dev.parley.policy.text;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/** The text must be one that PostgreSQL can keep: without U+0000; null is left to other constraints. */
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = Storable.Check.class)
public @interface Storable {
    /** What is told about a text that is not. */
    String message() default "must not contain U+0000";

    /** Part of Bean Validation's contract. */
    Class<?>[] groups() default {};

    /** Part of Bean Validation's contract. */
    Class<? extends Payload>[] payload() default {};

    /** The check. */
    final class Check implements ConstraintValidator<Storable, String> {
        @Override
        public boolean isValid(@Nullable String text, ConstraintValidatorContext context) {
            return isStorable(text);
        }

        /** Whether it is one, or null. */
        public static boolean isStorable(@Nullable String text) {
            return text == null || text.indexOf('\0') < 0;
        }
    }
}
