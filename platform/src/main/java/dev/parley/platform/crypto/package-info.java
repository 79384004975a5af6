/** Envelope encryption of tenants' secrets. */
package dev.parley.platform.crypto;
