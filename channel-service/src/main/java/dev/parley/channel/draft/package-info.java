/** Replies that wait for a person: read, edited, approved or rejected; whoever stores replies hands them over here. */
package dev.parley.channel.draft;
