/** Keeps the secret fresh with which Keycloak speaks to Apple; nobody calls it, it runs by the clock. */
package dev.parley.auth.apple;
