/** The proof of the tenant wall: attacks generated from the published contract, by every kind of stranger. */
package dev.parley.e2e.wall;
