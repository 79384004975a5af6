/** API keys of tenants: shown once, stored as a hash, refused everywhere soon after their end. */
package dev.parley.auth.apikey;
