package dev.parley.billing.contact;

/**
 * Whom mails about money go to.
 *
 * @param name the organisation's name, for the salutation
 */
public record BillingContact(String email, String name) {}
