/** Repeated requests with the same Idempotency-Key get the same answer and have one effect. */
package dev.parley.platform.idempotency;
