/** The audit trail as seen by those who write it. */
package dev.parley.platform.audit;
