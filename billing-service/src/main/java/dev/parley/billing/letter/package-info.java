/** How mails about money look; what they say is written by the feature that sends them. */
@NullMarked
package dev.parley.billing.letter;

import org.jspecify.annotations.NullMarked;
