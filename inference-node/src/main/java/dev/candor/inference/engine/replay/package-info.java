/** Checks of transcripts: whether each token of an answer is the one that the model's logits and the parameters lead to. */
package dev.candor.inference.engine.replay;
