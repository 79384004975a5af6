/** Which replies of agents a person sees before they are sent, and when an agent has earned that none does. */
package dev.parley.channel.review;
