package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.engine.encoder.EncoderInput;
import dev.candor.inference.openai.EncoderRequest;
import java.util.List;
import java.util.function.Function;

/**
 * A request to an encoder model, ready to run.
 *
 * @param tokens of all inputs
 * @param answer makes the body, without the receipt's member, of what the engine gives for the inputs in their order
 */
record EncoderCall(EncoderRequest request, EncoderModel model, List<EncoderInput> inputs, int tokens, Function<List<float[]>, ObjectNode> answer) {}
