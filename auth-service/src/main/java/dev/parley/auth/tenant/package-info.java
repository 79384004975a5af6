/** Tenants as their members and the platform's staff see and change them. */
package dev.parley.auth.tenant;
