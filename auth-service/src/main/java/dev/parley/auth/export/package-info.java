/** Exports of everything that Parley has of a tenant: asked for by owners, written by all services, given as one zip. */
package dev.parley.auth.export;
