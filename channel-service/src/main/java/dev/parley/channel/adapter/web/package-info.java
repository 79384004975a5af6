/** The console and the REST API as a channel. */
package dev.parley.channel.adapter.web;
