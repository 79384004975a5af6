/** A tenant's accounts at messengers, with their encrypted credentials. */
package dev.parley.channel.account;
