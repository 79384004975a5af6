/** What this service did for an operation, as steps of its trace. */
package dev.parley.agent.operation;
