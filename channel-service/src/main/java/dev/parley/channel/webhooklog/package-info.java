/** The log of what endpoints were told, with replay, and the test button; for members and their programs. */
package dev.parley.channel.webhooklog;
