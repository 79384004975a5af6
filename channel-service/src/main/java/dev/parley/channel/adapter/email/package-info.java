/** Mailboxes: mails come in by webhook and go out by the tenant's own SMTP server. */
package dev.parley.channel.adapter.email;
