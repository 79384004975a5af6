/** The single entry of Parley: it authenticates, limits and forwards, and decides nothing about business. */
package dev.parley.gateway;
