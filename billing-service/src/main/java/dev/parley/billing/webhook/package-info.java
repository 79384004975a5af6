/** The inbox of payment providers' webhooks and the worker that empties it. */
@NullMarked
package dev.parley.billing.webhook;

import org.jspecify.annotations.NullMarked;
