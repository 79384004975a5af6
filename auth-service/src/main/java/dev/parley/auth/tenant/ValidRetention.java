package dev.parley.auth.tenant;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Map;

/** Names kinds of data and, for each, 1 to 3650 days or null; a map that is null is left to other constraints. */
@Target({ElementType.FIELD, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = ValidRetention.Check.class)
public @interface ValidRetention {
    /** What is told about a map that is wrong. */
    String message() default
            "must give conversations, runs, usage, audit or events 1 to 3650 days, or null to keep them";

    /** Part of Bean Validation's contract. */
    Class<?>[] groups() default {};

    /** Part of Bean Validation's contract. */
    Class<? extends Payload>[] payload() default {};

    /** The check. */
    final class Check implements ConstraintValidator<ValidRetention, Map<String, Integer>> {
        @Override
        public boolean isValid(Map<String, Integer> retention, ConstraintValidatorContext context) {
            return retention == null
                    || retention.entrySet().stream().allMatch(kind -> valid(kind.getKey(), kind.getValue()));
        }

        private static boolean valid(String kind, Integer days) {
            return RetentionPeriods.KINDS.contains(kind)
                    && (days == null || days >= 1 && days <= RetentionPeriods.LONGEST_DAYS);
        }
    }
}
