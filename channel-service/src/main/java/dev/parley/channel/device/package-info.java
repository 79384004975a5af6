/** Customers' devices, registered by their apps, to be notified of answers. */
package dev.parley.channel.device;
