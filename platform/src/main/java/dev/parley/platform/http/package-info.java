/** Calls between the services of Parley. */
package dev.parley.platform.http;
