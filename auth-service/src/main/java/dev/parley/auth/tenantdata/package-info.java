/** What becomes of this service's data of a tenant: exported, erased, ended by its period; platform asks it. */
package dev.parley.auth.tenantdata;
