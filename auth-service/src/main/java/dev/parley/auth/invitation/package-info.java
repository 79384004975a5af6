/** Invitations of people to a tenant by a secret link. */
package dev.parley.auth.invitation;
