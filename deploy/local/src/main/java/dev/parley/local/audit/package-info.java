/** Checks an exported audit trail without any part of Parley. */
package dev.parley.local.audit;
