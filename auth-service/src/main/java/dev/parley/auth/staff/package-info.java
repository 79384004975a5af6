/** Break-glass grants, and what a tenant is told of the looks of Parley's staff. */
package dev.parley.auth.staff;
