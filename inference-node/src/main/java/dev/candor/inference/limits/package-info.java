/** How much each client may ask for in a minute. */
package dev.candor.inference.limits;
