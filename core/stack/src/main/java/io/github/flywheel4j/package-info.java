/**
 * One layer for every call shape of a LangChain4j chat model.
 *
 * <p><b>Problem.</b> A pattern such as a cache, a guard or a retry must hold for blocking calls, streams, futures, tool
 * rounds and cancellation alike. Written once for each of these it is wrong in one of them, and patterns that were written
 * apart do not work together.
 *
 * <p><b>Way.</b> A pattern is a {@link io.github.flywheel4j.ChatLayer}: plain blocking code. A
 * {@link io.github.flywheel4j.ChatStack} puts layers around a model in an order that is safe and gives back a model:
 *
 * <pre>{@code
 * ChatStack stack = ChatStack.builder()
 *         .chatModel(model)
 *         .workload("greeting")
 *         .layer((call, next) -> next.proceed(call))
 *         .interactionListener(interactions::add)
 *         .build();
 * ChatResponse response = stack.chatModel().chat(UserMessage.from("hi"));
 * UUID id = AnswerInfo.of(response).orElseThrow().id();
 * }</pre>
 *
 * <p><b>Place.</b> {@link io.github.flywheel4j.Stage} says where a layer stands. {@link io.github.flywheel4j.CallContext}
 * says who asks, {@link io.github.flywheel4j.AnswerInfo} is on every answer, and an
 * {@link io.github.flywheel4j.Interaction} remains of every call.
 *
 * <p><b>Cost.</b> Ten layers that do nothing cost well under a microsecond; a stream pays for two threads that wake each
 * other. The figures are in {@code core/docs/benchmarks.md}.
 *
 * <p><b>Not for</b> what need not see the call: LangChain4j's own listeners, tools and retrievers stay what they are.
 */
@NullMarked
package io.github.flywheel4j;

import org.jspecify.annotations.NullMarked;
