/**
 * Every interaction recorded under the id that is on its answer, and everything that is learned of it later.
 *
 * <p>The problem: under one percent of users rate an answer, and those who do are not like those who don't. Whoever looks
 * only at rated, finished answers sees neither blocks, failures and cache hits nor the people who left. So
 * {@link io.github.flywheel4j.feedback.Capture} records every call, signals count beside ratings, and
 * {@link io.github.flywheel4j.feedback.Coverage} tells of how many out of how many.
 *
 * <pre>{@code
 * JsonLinesSink files = JsonLinesSink.in(folder);
 * AsyncSink sink = AsyncSink.builder(files).spillTo(spillFolder).build();
 * Capture capture = Capture.to(sink, TextPolicy.full(), UserIds.none());
 * ChatStack stack = ChatStack.builder().chatModel(model).layer(capture).build();
 *
 * ChatResponse answer = stack.chatModel().chat(question);
 * Feedback.to(sink).on(AnswerInfo.of(answer).orElseThrow()).thumbsUp();
 * }</pre>
 *
 * <p>The parts: {@link io.github.flywheel4j.feedback.FeedbackEvent}, a closed family of kinds, each with its own id and a
 * versioned JSON form; {@link io.github.flywheel4j.feedback.FeedbackSink}, where events go, a lambda if you like;
 * {@link io.github.flywheel4j.feedback.AsyncSink}, so that no call waits;
 * {@link io.github.flywheel4j.feedback.JsonLinesSink} and {@link io.github.flywheel4j.feedback.FeedbackStore}, files and
 * what can be asked of them; {@link io.github.flywheel4j.feedback.Feedback}, to give it;
 * {@link io.github.flywheel4j.feedback.FeedbackTokens}, for browsers;
 * {@link io.github.flywheel4j.feedback.Detectors} and {@link io.github.flywheel4j.feedback.Labeler}, for signals;
 * {@link io.github.flywheel4j.feedback.Estimates}, for rates of all from those who said something, and
 * {@link io.github.flywheel4j.feedback.Consensus}, for one verdict of several.
 *
 * <p>Place in the stack: outermost (stage CAPTURE). Cost: an entry in a queue for the call; texts and JSON are made on the
 * sink's thread. Not for: monitoring, and not the only copy of what must never be lost.
 */
@NullMarked
package io.github.flywheel4j.feedback;

import org.jspecify.annotations.NullMarked;
