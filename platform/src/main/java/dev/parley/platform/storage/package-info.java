/** Files of tenants; any feature of any service may keep some. */
package dev.parley.platform.storage;
