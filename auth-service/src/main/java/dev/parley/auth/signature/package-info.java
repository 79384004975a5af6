/** Key pairs for ES256: made, kept encrypted and signed with; what they sign and how long is up to each feature. */
package dev.parley.auth.signature;
