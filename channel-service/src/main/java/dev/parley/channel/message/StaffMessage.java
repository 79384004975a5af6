package dev.parley.channel.message;

import dev.parley.channel.turn.MessageView;
import java.util.UUID;

/** What a person wrote to the customer of a messenger; how far it came is the message's status. */
record StaffMessage(MessageView message, UUID operationId) {}
