/** Rate limits per caller, tenant and address, with the standard headers. */
package dev.parley.gateway.limit;
