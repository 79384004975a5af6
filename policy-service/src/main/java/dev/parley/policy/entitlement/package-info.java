/** What each tenant may do, as billing and auth last said, compiled for the engine. */
@NullMarked
package dev.parley.policy.entitlement;

import org.jspecify.annotations.NullMarked;
