/** The plane through which tests read what the simulators received and tell them how to misbehave. */
package dev.parley.simulators.control;
