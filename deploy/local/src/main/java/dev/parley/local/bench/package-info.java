/** Measures what Parley promises about its cost and its speed: each figure beside something else in the same run. */
package dev.parley.local.bench;
