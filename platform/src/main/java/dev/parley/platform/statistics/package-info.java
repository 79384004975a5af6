/** Figures of which one says how sure they are. */
package dev.parley.platform.statistics;
