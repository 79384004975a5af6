/** Functions of agents that tenants bring themselves: an address of theirs is called, which was checked and is pinned. */
package dev.parley.agent.httptool;
