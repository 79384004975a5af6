/** What people of a tenant have to approve before an agent may do it; functions ask, admins decide. */
package dev.parley.agent.approval;
