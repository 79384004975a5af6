/** Compares providers, books and policy, keeps what does not agree, and puts it right without rewriting anything. */
@NullMarked
package dev.parley.billing.reconciliation;

import org.jspecify.annotations.NullMarked;
