/** The clock that everything asks for the time. */
package dev.parley.platform.time;
