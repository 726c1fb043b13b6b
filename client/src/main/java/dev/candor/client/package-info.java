/**
 * The Java SDK: verified answers of Candor nodes.
 *
 * {@snippet file="dev/candor/client/examples/ChatExample.java" region="five-lines"}
 *
 * Begin at {@link dev.candor.client.CandorClient}. Every answer is verified before it is given, and withheld if it does not verify.
 */
package dev.candor.client;
