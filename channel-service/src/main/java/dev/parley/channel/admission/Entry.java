package dev.parley.channel.admission;

import dev.parley.channel.turn.Admission;

/** How far a message came that was to be admitted. */
sealed interface Entry {
    /** It is stored, or was before. */
    record Admitted(Admission admission) implements Entry {}

    /** Another message of its conversation is being answered; nothing is stored. */
    record Busy() implements Entry {}

    /** Its conversation is on a messenger, where only people of the tenant write: nothing is stored. */
    record OnMessenger() implements Entry {}
}
