/** Service accounts: programs that own API keys, which end with them. */
package dev.parley.auth.serviceaccount;
