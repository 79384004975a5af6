/** End customers who wrote to a tenant. */
package dev.parley.channel.contact;
