/** What a client asks and what it is answered: immutable records, with builders where there is much to say. */
package dev.candor.client.api;
