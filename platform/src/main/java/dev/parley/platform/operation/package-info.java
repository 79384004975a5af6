/** The id that ties requests, events, log lines and ledger entries of one operation together. */
package dev.parley.platform.operation;
