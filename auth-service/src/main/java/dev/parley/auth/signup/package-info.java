/** Makes a person, a tenant and the owner's membership out of one form, once, whatever crashes between. */
package dev.parley.auth.signup;
