package io.github.flywheel4j.caching;

import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.ChatCall;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the semantic tier does for a call whose question may have been asked in other words; nothing where there is no such tier. */
final class OtherWords {

    private static final Logger LOG = LoggerFactory.getLogger(OtherWords.class);

    /** The interaction whose answer was considered and not served. */
    private static final String CANDIDATE = "candidate";

    private final CacheVisit visit;
    private final boolean isTooLong;
    private final @Nullable SemanticTier tier;
    private final @Nullable Partition partition;
    private final String question;

    OtherWords(CacheVisit visit) {
        this.visit = visit;
        this.partition = visit.key().partition();
        this.question = visit.key().question() == null ? "" : visit.key().question();
        this.isTooLong = question.length() > SemanticTier.LONGEST_QUESTION;
        this.tier = partition == null || isTooLong ? null : visit.cache().semantic;
    }

    /**
     * Looks the question up; null where there is nobody to ask.
     *
     * @param forWhom the call whose cancellation and deadline end it
     */
    @Nullable
    Lookup lookup(ChatCall forWhom) {
        return ask(forWhom, (asked, within) -> asked.lookup(within, question));
    }

    /** What is needed to store the question again when the answer that is here is made anew; nothing is looked up. */
    @Nullable
    Lookup embed(ChatCall forWhom) {
        ReadyAnswer old = visit.cache().answers.get(visit.key().exact());
        UUID own = old == null ? null : old.answer().filledBy();
        return ask(forWhom, (asked, within) -> asked.embed(within, question, own));
    }

    private @Nullable Lookup ask(ChatCall forWhom, BiFunction<SemanticTier, Partition, Lookup> how) {
        SemanticTier asked = tier;
        Partition within = partition;
        // Its embedding model and its store may be far away.
        return asked == null || within == null ? null : forWhom.interruptibly(() -> ask(asked, within, how));
    }

    /** Null too where looking failed: the model can still answer. */
    private static @Nullable Lookup ask(
            SemanticTier asked, Partition within, BiFunction<SemanticTier, Partition, Lookup> how) {
        try {
            return how.apply(asked, within);
        } catch (RuntimeException e) {
            if (Interrupted.by(e)) {
                throw e;
            }
            // Without the exception: its message may quote the text.
            LOG.warn(
                    "a lookup of other words threw {}; it counts as none",
                    e.getClass().getName());
            return null;
        }
    }

    /** The answer of a hit, if it is still there and fresh. */
    Flight.Landing.@Nullable Found find(@Nullable Lookup lookup) {
        if (!(lookup instanceof Lookup.Hit hit)) {
            return null;
        }
        ReadyAnswer entry = visit.cache().answers.find(hit.candidate().entry(), visit.call());
        if (entry == null) {
            if (tier != null) {
                tier.remove(hit.candidate().entry());
            }
            return null;
        }
        if (entry.freshUntil() <= visit.cache().clock.millis()) {
            return null;
        }
        if (isKnownWrong(hit.candidate().pair())) { // since it was looked up
            veto(hit.candidate().entry(), hit.candidate().similarity(), "known wrong");
            return null;
        }
        if (hit.wantsJudgement()) {
            audit(hit, entry.answer());
        }
        return new Flight.Landing.Found(
                entry,
                HitServing.SEMANTIC,
                facts(hit.candidate()),
                hit.candidate().pair());
    }

    /** Whether the answer to one of two questions is known to be wrong for the other; false where there are not two. */
    boolean isKnownWrong(KnownWrong.@Nullable Pair questions) {
        return questions != null && tier != null && tier.isKnownWrong(questions);
    }

    private static Map<String, Object> facts(Lookup.Candidate candidate) {
        return Map.of("similarity", candidate.similarity(), "probability", candidate.probability());
    }

    /** Notes what was found and not served. */
    void noteMiss(@Nullable Lookup lookup) {
        if (lookup instanceof Lookup.Vetoed vetoed) {
            veto(vetoed.entry(), vetoed.similarity(), word(vetoed.reason()));
        } else if (lookup instanceof Lookup.Shadow shadow) {
            visit.cache().counters.shadowHits.increment();
            recordCandidate("shadow", shadow.candidate());
        } else if (lookup instanceof Lookup.Explore explore) {
            visit.cache().counters.explorations.increment();
            recordCandidate("explore", explore.candidate());
        }
        visit.decided("miss", isTooLong ? Map.of(HitServing.SEMANTIC, "question too long") : Map.of());
    }

    private void recordCandidate(String outcome, Lookup.Candidate candidate) {
        Map<String, Object> facts = new LinkedHashMap<>(facts(candidate));
        facts.put(CANDIDATE, candidate.entry().toString());
        visit.noted(outcome, facts);
    }

    private static String word(Veto.Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private void veto(UUID entry, double similarity, String reason) {
        visit.cache().counters.veto(reason);
        Map<String, Object> facts = Map.of("reason", reason, "similarity", similarity, CANDIDATE, entry.toString());
        visit.noted("veto", facts);
    }

    /** Stores the question under the interaction that answered it. */
    void put(@Nullable Lookup lookup, UUID filledBy) {
        if (lookup != null && tier != null && partition != null) {
            tier.put(partition, question, lookup, filledBy);
            // Taken back meanwhile, when there was no question to forget, or replaced by the answer to another one.
            if (!visit.cache().answers.isHere(visit.key().exact(), filledBy)) {
                tier.remove(filledBy);
            }
        }
    }

    /** Lets the semantic tier compare the answer with the one that it would have served. */
    void learn(@Nullable Lookup lookup, StoredAnswer fresh) {
        Lookup.Candidate candidate = lookup == null ? null : lookup.candidate();
        if (lookup != null && candidate != null && lookup.wantsJudgement()) {
            ReadyAnswer cached = visit.cache().answers.get(candidate.entry());
            if (cached != null) {
                compare(lookup, cached.answer(), fresh.text());
            }
        }
    }

    private void compare(Lookup lookup, StoredAnswer cached, String fresh) {
        if (tier != null) {
            tier.answered(lookup, question, cached.text(), fresh);
        }
    }

    /** Asks the model in the background for the answer that was not asked for, and has the two compared. */
    private void audit(Lookup.Hit hit, StoredAnswer served) {
        visit.cache().counters.audits.increment();
        ChatCall inner = visit.inBackground();
        Instant asked = visit.cache().clock.instant();
        try {
            Future<?> unused = visit.call().submit(() -> {
                ChatResponse fresh = visit.next().proceed(inner);
                AnswerKeeping.Made made =
                        AnswerKeeping.made(visit, fresh, inner.trace().decisions(), visit.id(), asked);
                if (made.objection() == null) {
                    compare(hit, served, made.answer().text());
                }
                return true;
            });
        } catch (RuntimeException e) {
            LOG.debug("a semantic hit could not be audited", e);
        }
    }
}
