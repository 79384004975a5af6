package dev.parley.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.quarkus.security.Authenticated;
import jakarta.annotation.security.DenyAll;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.util.List;

/** The borders that the code of every service keeps; a service applies them with one line in its ArchitectureTest. */
public final class ArchitectureRules {
    private ArchitectureRules() {}

    /** Checks a service's production classes; fails with the sentences of the rules that they break. */
    public static void check(String servicePackage) {
        JavaClasses production = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(servicePackage);
        rules(servicePackage).forEach(rule -> rule.allowEmptyShould(true).check(production));
    }

    /** The rules, each with its reason. */
    public static List<ArchRule> rules(String servicePackage) {
        return List.of(
                noClasses()
                        .should()
                        .dependOnClassesThat(otherService(servicePackage))
                        .because("services meet over HTTP and events, never over classes"),
                SlicesRuleDefinition.slices()
                        .matching(servicePackage + ".(*)..")
                        .should()
                        .beFreeOfCycles()
                        .because("a feature that needs one that needs it is one feature"),
                classes()
                        .that()
                        .haveSimpleNameEndingWith("Repository")
                        .should()
                        .notBePublic()
                        .because("tables are a feature's own; others ask its service"),
                noClasses()
                        .that()
                        .haveSimpleNameEndingWith("Resource")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("org.jdbi..", "java.sql..", "javax.sql..", "dev.parley.platform.data..")
                        .because("a resource maps HTTP to a use case and nothing else"),
                noClasses()
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("javax.sql..")
                        .because("the only door to the database is platform's Database, which binds the tenant"),
                noClasses()
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "org.apache.kafka.clients.producer..", "org.eclipse.microprofile.reactive.messaging..")
                        .because("events leave through the outbox, in the transaction of the change"),
                methods()
                        .that()
                        .areMetaAnnotatedWith(HttpMethod.class)
                        .should(sayWhoMayCallThem())
                        .because("an endpoint that forgot its roles is open or dead, and neither is meant"),
                noClasses()
                        .should()
                        .haveSimpleNameEndingWith("Impl")
                        .orShould()
                        .haveSimpleNameEndingWith("Util")
                        .orShould()
                        .haveSimpleNameEndingWith("Utils")
                        .orShould()
                        .haveSimpleNameEndingWith("Helper")
                        .orShould()
                        .haveSimpleNameEndingWith("Manager")
                        .because("such names say nothing"),
                noClasses()
                        .should()
                        .dependOnClassesThat()
                        .areAssignableTo(ThreadLocal.class)
                        .because("virtual threads are many, and ambient state hides the tenant"),
                noClasses()
                        .should()
                        .callMethod(Thread.class, "sleep", long.class)
                        .orShould()
                        .accessField(System.class, "out")
                        .orShould()
                        .callMethod(java.time.Instant.class, "now")
                        .orShould()
                        .callMethod(java.time.LocalDateTime.class, "now")
                        .because("time comes from the Clock, waiting from timeouts, and lines from the log"));
    }

    private static DescribedPredicate<JavaClass> otherService(String servicePackage) {
        return DescribedPredicate.describe(
                "belong to another service",
                type -> type.getPackageName().startsWith("dev.parley.")
                        && !type.getPackageName().startsWith("dev.parley.platform")
                        && !(type.getPackageName() + ".").startsWith(servicePackage + "."));
    }

    private static ArchCondition<JavaMethod> sayWhoMayCallThem() {
        return new ArchCondition<>("say who may call them") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                JavaClass owner = method.getOwner();
                boolean said = List.of(RolesAllowed.class, PermitAll.class, Authenticated.class, DenyAll.class).stream()
                        .anyMatch(
                                annotation -> method.isAnnotatedWith(annotation) || owner.isAnnotatedWith(annotation));
                boolean endpoint = owner.isAnnotatedWith(Path.class) || method.isAnnotatedWith(Path.class);
                if (endpoint && !said) {
                    events.add(SimpleConditionEvent.violated(
                            method, method.getFullName() + " does not say who may call it"));
                }
            }
        };
    }
}
