/** LangChain4j models whose answers are paid for and verified by {@link dev.candor.client.CandorClient}. */
package dev.candor.client.langchain4j;
