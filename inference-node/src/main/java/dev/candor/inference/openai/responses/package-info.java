/**
 * The Responses API without its HTTP: requests become chat requests, answers become items and events, and both are kept so that a
 * conversation can go on. {@code docs/responses.md} says what is supported.
 */
package dev.candor.inference.openai.responses;
