package dev.parley.auth.apikey;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Set;

/** The set must name at least one of the scopes chat, read and write, and nothing else. */
@Target({ElementType.FIELD, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = ValidScopes.Check.class)
public @interface ValidScopes {
    /** What is told about a set that is wrong. */
    String message() default "must name one or more of chat, read and write";

    /** Part of Bean Validation's contract. */
    Class<?>[] groups() default {};

    /** Part of Bean Validation's contract. */
    Class<? extends Payload>[] payload() default {};

    /** The check. */
    final class Check implements ConstraintValidator<ValidScopes, Set<String>> {
        private static final Set<String> KNOWN = Set.of("chat", "read", "write");

        @Override
        public boolean isValid(Set<String> scopes, ConstraintValidatorContext context) {
            return scopes != null && !scopes.isEmpty() && scopes.stream().allMatch(this::known);
        }

        private boolean known(String scope) {
            return scope != null && KNOWN.contains(scope);
        }
    }
}
