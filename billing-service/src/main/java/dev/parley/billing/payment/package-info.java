/** The family of payment providers: one interface, one package per provider, found by CDI. */
@NullMarked
package dev.parley.billing.payment;

import org.jspecify.annotations.NullMarked;
