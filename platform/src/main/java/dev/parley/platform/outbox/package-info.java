/** Publishing of events together with the change that they tell. */
package dev.parley.platform.outbox;
