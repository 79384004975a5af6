/** Exchanges credentials for signed tenant contexts and publishes the keys that verify them. */
package dev.parley.auth.context;
