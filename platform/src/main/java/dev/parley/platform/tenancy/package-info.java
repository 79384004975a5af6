/** The identity of a tenant; every service may use it. */
package dev.parley.platform.tenancy;
