/** Firebase Cloud Messaging, and Google's access tokens for it. */
package dev.parley.simulators.fcm;
