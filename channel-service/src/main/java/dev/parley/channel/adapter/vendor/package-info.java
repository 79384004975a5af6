/** What adapters have in common when they speak to vendors: HTTP, files, times, secrets. */
package dev.parley.channel.adapter.vendor;
