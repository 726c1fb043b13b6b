package dev.candor.inference.replay;

import dev.candor.attestation.receipt.ModelBinding;
import dev.candor.inference.engine.InferenceEngine;
import dev.candor.inference.openai.PromptRenderer;
import dev.candor.inference.structured.ConstraintCompiler;

/** A model that answers can be computed again with. */
public record ReplayModel(ModelBinding binding, PromptRenderer prompts, ConstraintCompiler constraints, InferenceEngine engine) {}
