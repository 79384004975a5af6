/** What a caller may know about itself. */
package dev.parley.auth.me;
