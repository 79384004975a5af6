/** What text may be stored, for every feature that takes some from outside. */
package dev.parley.channel.text;
