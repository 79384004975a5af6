/** What a plan limits in number, such as seats and keys: policy-service is asked before there is one more. */
package dev.parley.auth.stock;
