/** Catches the mails of a local Parley: a real SMTP server, and the inbox where people and tests read what came. */
package dev.parley.simulators.mail;
