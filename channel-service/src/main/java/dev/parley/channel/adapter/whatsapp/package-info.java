/** WhatsApp numbers by Meta's Cloud API, in and out. */
package dev.parley.channel.adapter.whatsapp;
