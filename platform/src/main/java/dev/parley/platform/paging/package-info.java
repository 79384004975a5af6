/** Lists in pages, by cursor. */
package dev.parley.platform.paging;
