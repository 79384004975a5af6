/** The append-only audit trail of each tenant, chained by hashes, fed by everybody's audit events. */
package dev.parley.auth.audit;
