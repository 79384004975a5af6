/** One request and its answer, and what happens to every one of them: faults, log, counters. */
package dev.parley.simulators.exchange;
