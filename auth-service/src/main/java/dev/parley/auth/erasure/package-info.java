/** Erasure of a tenant: begun by an owner, done by all services, ended with a signed certificate. */
package dev.parley.auth.erasure;
