/** Login, refresh and logout with e-mail and password for API clients, by Keycloak's direct grant. */
package dev.parley.auth.login;
