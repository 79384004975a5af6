/** Browser logins by OIDC code with PKCE, and the sessions behind the cookie. */
package dev.parley.auth.session;
