/** A provider without network or account, for trying the product out. */
package dev.parley.agent.provider.demo;
