/** Keeps subscriptions in line with payment providers and with time: fetch and apply, sweep, cancel, resume. */
@NullMarked
package dev.parley.billing.lifecycle;

import org.jspecify.annotations.NullMarked;
