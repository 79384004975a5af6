/** Who calls: verified tenant contexts and nothing else. */
package dev.parley.platform.security;
