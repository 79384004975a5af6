/** What people of a tenant have to approve before it is done for an agent; functions ask, admins decide. */
package dev.parley.agent.approval;
