package dev.parley.platform.audit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a GET that gives a tenant's individual records. Such an endpoint may name the role {@code break-glass} beside
 * its own; every other endpoint refuses that role, whatever it says.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface IndividualRecords {
    /** What kind of records, as the audit trail names them: {@code conversation}, {@code message}, … */
    String value();
}
