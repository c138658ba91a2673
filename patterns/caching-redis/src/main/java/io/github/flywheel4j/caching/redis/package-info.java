/**
 * The exact tier of the response cache in Redis: what one node was answered, all nodes serve.
 *
 * <p>The problem: each node of a service learns the same answers anew, and pays for them, after every start and beside every
 * other node. A store that all share mends that, but then an answer that was taken back on one node must not live on at
 * another, and a store that is gone or slow must not take the calls with it.
 *
 * <pre>{@code
 * RedisTier tier =
 *         RedisTier.builder("redis://localhost:6379").namespace("shop").build();
 * ResponseCache cache = ResponseCache.builder(Scope.tenant())
 *         .temperature(TemperaturePolicy.any())
 *         .shared(tier)
 *         .build();
 * }</pre>
 *
 * <p>The parts: {@link io.github.flywheel4j.caching.redis.RedisTier}, a {@link io.github.flywheel4j.caching.SharedTier} behind
 * the memory of each node. Keys are digests and hold no text; values are answers, which may be personal data. Invalidations
 * reach the memories of all nodes by publish/subscribe. Semantic entries stay in each node's memory.
 *
 * <p>Cost: a round trip for what the node's own memory does not have, and one for each answer that is stored; two
 * connections and a few threads. Without Redis a call waits for the time-out, 200 ms unless told, until after a few failures
 * a breaker leaves Redis alone; then each node goes on with its own memory, and what it owes is paid when Redis is back.
 *
 * <p>Not for: a single node, whose memory is enough; answers that must outlive a full or restarted server, since Redis may
 * drop any of them; a Redis whose readers may not read the answers.
 */
@NullMarked
package io.github.flywheel4j.caching.redis;

import org.jspecify.annotations.NullMarked;
