/** Further organisations of a person that has one or none. */
package dev.parley.auth.founding;
