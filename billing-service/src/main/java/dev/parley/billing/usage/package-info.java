/** The log of what was used and what it cost; other features write through UsageService. */
@NullMarked
package dev.parley.billing.usage;

import org.jspecify.annotations.NullMarked;
