/**
 * What tests of layers, and of applications that stand on a model, need: models that answer and fail as told, a server
 * that speaks OpenAI's protocol, the contract of a layer, and time and chance in the test's hands.
 *
 * <pre>{@code
 * ScriptedStreamingChatModel model = ScriptedStreamingChatModel.of(
 *         Answer.failure(new RateLimitException("slow down")),
 *         Answer.text("Paris is lovely in May.").tokens(TokenSplit.random(7)));
 * RecordingHandler heard = new RecordingHandler();
 * layer.around(model).chat(request, heard);
 * assertThat(heard.await().text()).isEqualTo("Paris is lovely in May.");
 * }</pre>
 *
 * <ul>
 *   <li>{@link io.github.flywheel4j.testkit.ScriptedChatModel} and {@link
 *       io.github.flywheel4j.testkit.ScriptedStreamingChatModel}, in the process: no network, no waiting. An {@link
 *       io.github.flywheel4j.testkit.Answer} says what one call does. The first choice for behaviour.
 *   <li>{@link io.github.flywheel4j.testkit.OpenAiStubServer}, over HTTP on loopback: for what depends on the client, such
 *       as resets, timeouts and broken streams. A {@link io.github.flywheel4j.testkit.StubReply} says what one request
 *       gets.
 *   <li>{@link io.github.flywheel4j.testkit.ChatLayerContract}: extend it for each layer.
 *   <li>{@link io.github.flywheel4j.testkit.RecordingHandler} for streams, {@link io.github.flywheel4j.testkit.TestClock}
 *       and {@link io.github.flywheel4j.testkit.TestSleeper} for time, {@link io.github.flywheel4j.testkit.Seeds} for
 *       random data that can be had again.
 * </ul>
 *
 * <p>For tests alone: it brings JUnit and AssertJ along. Scripted models say nothing about the quality of an answer; that
 * is what the evals are for.
 */
@NullMarked
package io.github.flywheel4j.testkit;

import org.jspecify.annotations.NullMarked;
