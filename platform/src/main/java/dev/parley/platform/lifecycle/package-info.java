/** What every service does for the life of a tenant's data: export it, erase it, let it end with its period. */
package dev.parley.platform.lifecycle;
