/** Events between services: their envelope, and consumers that apply each one once and in order. */
package dev.parley.platform.event;
