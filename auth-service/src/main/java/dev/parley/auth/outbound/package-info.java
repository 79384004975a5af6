/** Calls to Keycloak and to policy-service; only flows and the verification of tokens use them. */
package dev.parley.auth.outbound;
