/** Starts, stops and measures the whole of Parley on one machine: real parts, on loopback, without Docker. */
package dev.parley.local;
