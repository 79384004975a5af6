/** Who belongs to a tenant with which role; the last owner stays. */
package dev.parley.auth.member;
