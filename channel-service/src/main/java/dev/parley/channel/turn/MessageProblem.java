package dev.parley.channel.turn;

import dev.parley.platform.problem.ProblemType;

/** Problems of sending messages. */
public enum MessageProblem implements ProblemType {
    /** The same client_message_id came with another text. */
    CLIENT_MESSAGE_ID_REUSED(422, "The client_message_id was used for another message"),
    /** The same message is being answered right now. */
    MESSAGE_IN_PROGRESS(409, "This message is being answered"),
    /** The text is blank or the attachment is not an image that we can read. */
    MESSAGE_NOT_VALID(422, "The message is not valid"),
    /** The message was given up before this answer was ready. */
    MESSAGE_GIVEN_UP(409, "This message was given up"),
    /** The customer asked to be sent nothing more. */
    CONTACT_OPTED_OUT(403, "This person asked to be sent nothing more"),
    /** The messenger takes words only for some time after the customer wrote; a template it takes always. */
    REPLY_WINDOW_CLOSED(409, "The customer wrote too long ago for anything but a template"),
    /** Something newer, or somebody else, answers instead. */
    MESSAGE_SUPERSEDED(409, "The answer to this message is not wanted any more"),
    /** Another message of the conversation is being answered, and that takes long. */
    CONVERSATION_BUSY(409, "Another message of this conversation is being answered");

    private final int status;
    private final String title;

    MessageProblem(int status, String title) {
        this.status = status;
        this.title = title;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}
