/** Whom a tenant's mails about money go to. */
@NullMarked
package dev.parley.billing.contact;

import org.jspecify.annotations.NullMarked;
