/** Keys that an operator gives out, for nodes whose clients do not pay. */
package dev.candor.inference.keys;
