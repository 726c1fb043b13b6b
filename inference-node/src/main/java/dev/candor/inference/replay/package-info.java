/** Checks of receipts by computing their answers again: what the receipt must first satisfy, the transcript in it, and the verdict. */
package dev.candor.inference.replay;
