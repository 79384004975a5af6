/** Mails that leave by SMTP after the transaction that wrote them, at least once. */
package dev.parley.platform.mail;
