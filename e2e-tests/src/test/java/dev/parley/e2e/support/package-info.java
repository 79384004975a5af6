/** What the stories share: the running stack, a client, the simulators' controls, the checker. */
package dev.parley.e2e.support;
