package dev.parley.channel.adapter;

import org.jspecify.annotations.Nullable;

/**
 * Somebody whom a messenger can write to.
 *
 * @param id the vendor's id of that person, as its messages name their sender
 * @param phone the number in E.164; null where people have none
 * @param unasked whether one may write to them before they did: the id is then the thread and where to deliver, too
 */
public record Addressee(String id, @Nullable String phone, boolean unasked) {}
