/** One-time codes: sent to a person over one of the tenant's channels, and checked once. */
package dev.parley.channel.otp;
