/** One file per story, told through the gateway. */
package dev.parley.e2e;
