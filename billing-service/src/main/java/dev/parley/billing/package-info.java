/** Plans, subscriptions, payment providers, the credit ledger of record and the usage log; it never decides access. */
@NullMarked
package dev.parley.billing;

import org.jspecify.annotations.NullMarked;
