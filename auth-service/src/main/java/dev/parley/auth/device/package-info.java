/** Devices that a person uses: how they are named, and the token by which a known one passes a lock; login and session use it. */
package dev.parley.auth.device;
