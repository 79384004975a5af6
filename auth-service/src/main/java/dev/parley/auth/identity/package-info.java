/** Who a person is: verified Keycloak tokens, e-mail addresses and user accounts; every feature may use it. */
package dev.parley.auth.identity;
