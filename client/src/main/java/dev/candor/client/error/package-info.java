/**
 * What can go wrong with a call, one type for each thing a program may want to do about it. All are unchecked and extend
 * {@link dev.candor.client.error.CandorException}; their messages say what was wrong and what to do.
 */
package dev.candor.client.error;
