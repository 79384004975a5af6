/** The trace of one operation, joined from all services. */
package dev.parley.channel.operation;
