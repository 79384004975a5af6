/** Proves the audit trails: signs their heads, copies them to a second place, verifies and exports the chains. */
package dev.parley.auth.proof;
