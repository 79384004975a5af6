/** What customers of messengers write, stored once; STOP and START end here. */
package dev.parley.channel.reception;
