/** Finding what was said, by its words. */
package dev.parley.channel.search;
