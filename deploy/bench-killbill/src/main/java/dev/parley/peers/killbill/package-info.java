/** Kill Bill in a servlet container. */
package dev.parley.peers.killbill;
