/** How JSON looks on every wire. */
package dev.parley.platform.json;
