/** Razorpay: plans, subscriptions, orders, payment links, payments, refunds, its hosted pages and its webhooks. */
package dev.parley.simulators.razorpay;
