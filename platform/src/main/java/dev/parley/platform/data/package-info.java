/** Transactions that are bound to one tenant; repositories of every service use it. */
package dev.parley.platform.data;
