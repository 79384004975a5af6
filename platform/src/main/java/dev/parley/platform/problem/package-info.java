/** Failures that clients can tell apart, as RFC 9457 problem documents; every service may use it. */
package dev.parley.platform.problem;
