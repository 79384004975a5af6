/** Which addresses that tenants name may be called: of the public internet only, checked and then pinned. */
package dev.parley.platform.address;
