/** Firebase Cloud Messaging: notices on Android, iOS and in browsers; only its adapter is known outside. */
package dev.parley.channel.adapter.fcm;
