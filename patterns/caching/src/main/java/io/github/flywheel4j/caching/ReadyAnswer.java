package io.github.flywheel4j.caching;

import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.CallContext;
import org.jspecify.annotations.Nullable;

/**
 * A stored answer in this node's memory, ready to be served. Immutable.
 *
 * @param answer what is stored
 * @param response the answer as it is served, but for its age
 * @param freshUntil until when it is fresh here, in milliseconds since 1970
 * @param epoch in which it was put here
 * @param user who filled it, of which tenant; null if nobody said
 * @param tenant for whom; null if nobody said
 */
record ReadyAnswer(
        StoredAnswer answer,
        ChatResponse response,
        long freshUntil,
        long epoch,
        @Nullable User user,
        @Nullable String tenant) {

    /** A user of a tenant; there may be one of that name at another. */
    record User(@Nullable String tenant, String name) {}

    static ReadyAnswer of(StoredAnswer answer, CallContext owner, long epoch) {
        return of(answer, owner, epoch, answer.freshUntil().toEpochMilli());
    }

    /** One that is fresh for less than it says of itself. */
    static ReadyAnswer of(StoredAnswer answer, CallContext owner, long epoch, long freshUntil) {
        User user = owner.user() == null ? null : new User(owner.tenant(), owner.user());
        return new ReadyAnswer(answer, Served.stored(answer), freshUntil, epoch, user, owner.tenant());
    }
}
