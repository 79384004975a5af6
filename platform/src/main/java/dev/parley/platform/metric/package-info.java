/** What metrics may say: nothing about a single tenant, person or thing. */
package dev.parley.platform.metric;
