package dev.parley.channel.draft;

import org.jspecify.annotations.Nullable;

/**
 * Lets a draft out.
 *
 * @param version the one that was read: another is not sent
 */
public record ApprovalRequest(@Nullable Integer version) {}
