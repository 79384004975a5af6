/** Measures the running stack as its users load it: CPU per operation first, then rate, then latency. */
package dev.parley.local.bench;
