package dev.parley.auth.invitation;

import dev.parley.platform.problem.ProblemType;

/** What can stand against an invitation. */
public enum InvitationProblem implements ProblemType {
    /** It was not accepted in time, or it was withdrawn. */
    INVITATION_EXPIRED(410, "The invitation has expired"),
    /** It is addressed to another e-mail address than the caller's. */
    INVITATION_FOR_ANOTHER_PERSON(403, "The invitation is for another person"),
    /** It was accepted before, or the person is a member already. */
    INVITATION_ALREADY_ACCEPTED(409, "The invitation was accepted before"),
    /** The person to invite is a member already. */
    ALREADY_MEMBER(409, "That person is a member already");

    private final int status;
    private final String title;

    InvitationProblem(int status, String title) {
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
