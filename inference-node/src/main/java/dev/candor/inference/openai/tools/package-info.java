/**
 * Tool calls and reasoning, without HTTP: which format a model's chat template teaches, prompts with tools in them, and what an answer's
 * text says in that format.
 */
package dev.candor.inference.openai.tools;
