/** The outside world on one loopback port: an LLM, Stripe, Razorpay and Telegram on their real wire formats. */
package dev.parley.simulators;
