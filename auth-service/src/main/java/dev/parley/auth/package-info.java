/** Who may act for which tenant: sign-up, login, tenants, members, API keys, tenant contexts and the audit trail. */
package dev.parley.auth;
