/** Stripe's API, hosted checkout page and signed webhooks; every other package sees only its endpoint and its control. */
package dev.parley.simulators.stripe;
