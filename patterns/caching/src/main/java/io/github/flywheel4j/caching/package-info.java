/**
 * Answers that were given before, served again: to whom they may be served, as long as they are true, and in other words only
 * where the share of wrong ones is known.
 *
 * <p>The problem: half of the questions of many services were asked before, and each costs a model call. But an answer may be
 * somebody's own, may rest on documents that have changed, and the most similar question is often another one.
 *
 * <pre>{@code
 * ResponseCache cache = ResponseCache.builder(Scope.user())
 *         .temperature(TemperaturePolicy.any())
 *         .build();
 * ChatStack stack = ChatStack.builder().chatModel(model).layer(cache).build();
 *
 * ChatResponse answer = stack.chatModel().chat(request, context.options());
 * cache.evict(AnswerInfo.of(answer).orElseThrow().id()); // it was wrong
 * }</pre>
 *
 * <p>The parts: {@link io.github.flywheel4j.caching.ResponseCache}, the layer, with the exact tier;
 * {@link io.github.flywheel4j.caching.Scope}, whose answers are served to whom;
 * {@link io.github.flywheel4j.caching.TemperaturePolicy}, which samples may become the answer;
 * {@link io.github.flywheel4j.caching.SemanticTier}, for questions in other words, off unless asked for;
 * {@link io.github.flywheel4j.caching.SharedTier}, what several nodes share;
 * {@link io.github.flywheel4j.caching.CacheStats}, what it all did.
 *
 * <p>Place in the stack: stage CACHE, inside the input guards, around output guards, retrieval and models. Cost: a few
 * microseconds for a hit, a hash of the request for a miss, an embedding more with the semantic tier. Not for: answers that
 * must differ, or that rest on the moment.
 */
@NullMarked
package io.github.flywheel4j.caching;

import org.jspecify.annotations.NullMarked;
