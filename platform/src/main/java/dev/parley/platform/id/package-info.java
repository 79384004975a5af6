/** Identifiers; every service may use it. */
package dev.parley.platform.id;
