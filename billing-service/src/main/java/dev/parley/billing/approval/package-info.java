/** Changes that wait for a second admin; features that need four eyes bring an {@code ApprovedAction}. */
@NullMarked
package dev.parley.billing.approval;

import org.jspecify.annotations.NullMarked;
