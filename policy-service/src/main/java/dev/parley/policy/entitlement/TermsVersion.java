package dev.parley.policy.entitlement;

import dev.parley.policy.engine.Terms;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's terms at one version.
 *
 * @param credits what each period brought on that plan, as far as billing said
 */
public record TermsVersion(Terms terms, @Nullable Long credits) {}
