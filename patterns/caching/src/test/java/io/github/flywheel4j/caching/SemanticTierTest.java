package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import io.github.flywheel4j.caching.Lookup.Hit;
import io.github.flywheel4j.caching.Lookup.Miss;
import io.github.flywheel4j.caching.Lookup.Shadow;
import io.github.flywheel4j.caching.Lookup.Vetoed;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import io.github.flywheel4j.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SemanticTierTest {

    private static final Partition PARTITION = new Partition("p");
    private static final HitVerifier ALL_PASS = (asked, before) -> Optional.empty();

    /** The direction depends on the topic, the first word; the rest turns it a little. */
    private static final class TopicEmbeddings implements EmbeddingModel {
        @Override
        public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
            return Response.from(segments.stream()
                    .map(segment -> Embedding.from(
                            vector(segment.text().toLowerCase(Locale.ROOT).strip())))
                    .toList());
        }

        private static float[] vector(String text) {
            float[] vector = new float[32];
            add(vector, text.split("\\s+", -1)[0], 1);
            add(vector, text.replaceAll("\\s+", " "), 0.3f);
            return vector;
        }

        private static void add(float[] vector, String text, float weight) {
            SplittableRandom random = new SplittableRandom(text.hashCode());
            for (int i = 0; i < vector.length; i++) {
                vector[i] += weight * (float) (random.nextDouble() - 0.5);
            }
        }
    }

    private static SemanticTier.Builder builder() {
        return SemanticTier.builder(new TopicEmbeddings(), "topics")
                .tolerance(0.05)
                .verifier(ALL_PASS)
                .random(new SplittableRandom(1));
    }

    /** Serves all that is near, from the first call. */
    private static SemanticTier.Builder generous() {
        return builder().fixedThreshold(0.5, "topics");
    }

    private static UUID put(SemanticTier tier, Partition partition, String text) {
        UUID id = UUID.randomUUID();
        tier.put(partition, text, tier.lookup(partition, text), id);
        return id;
    }

    /** Questions on many topics: of one topic the answers are the same. */
    private static List<String> questions(Random random, int count) {
        List<String> questions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            questions.add("topic" + random.nextInt(count / 3) + " wording " + random.nextInt(1_000_000));
        }
        return questions;
    }

    private static String topic(String question) {
        return question.substring(0, question.indexOf(' '));
    }

    @Test
    void servesNothingBeforeAnythingWasJudged() {
        SemanticTier tier = builder().build();
        UUID entry = put(tier, PARTITION, "refund how long");

        Lookup lookup = tier.lookup(PARTITION, "refund how long now");

        assertThat(lookup).isInstanceOf(Shadow.class);
        assertThat(lookup.wantsJudgement()).isTrue();
        assertThat(lookup.candidate()).extracting(Lookup.Candidate::entry).isEqualTo(entry);
        assertThat(tier.report().serving()).isFalse();
    }

    @Test
    void aQuestionThatIsStoredAnewIsNoNeighbourOfItsOwn() {
        SemanticTier tier = generous().build();
        UUID own = put(tier, PARTITION, "refund how long");
        assertThat(tier.embed(PARTITION, "refund how long", own).asked().density)
                .isZero();
        put(tier, PARTITION, "refund when");
        long hits = tier.report().hits();
        Lookup anew = tier.embed(PARTITION, "refund how long", own);

        assertThat(anew).isInstanceOf(Miss.class);
        assertThat(anew.embedding()).isNotEmpty();
        assertThat(anew.asked().density).as("of the other one alone").isBetween(0.5, 0.999);
        assertThat(tier.report().hits()).isEqualTo(hits);
    }

    @Test
    void learnsFromTheJudgeToServeTheRightOnes() {
        Seeds seeds = Seeds.named("tier learns");
        SemanticTier tier = builder().build();
        SemanticReplay replay = SemanticReplay.of(tier);
        int hits = 0;
        int wrong = 0;
        for (String question : questions(seeds.random(), 3_000)) {
            SemanticReplay.Outcome outcome = replay.ask(question, topic(question));
            if (outcome.kind() == SemanticReplay.Kind.HIT) {
                hits++;
                wrong += outcome.right() ? 0 : 1;
            }
        }

        assertThat(hits).as(seeds.toString()).isGreaterThan(500);
        assertThat((double) wrong / hits).as(seeds.toString()).isLessThan(0.05);
        assertThat(tier.report().hits()).isEqualTo(hits);
        assertThat(tier.report().wrongShare()).isPresent();
    }

    @Test
    void servesFromTheStartAfterACalibration() {
        Random random = Seeds.random("tier calibrated");
        List<LabelledPair> pairs = new ArrayList<>();
        List<String> questions = questions(random, 600);
        for (int i = 1; i < questions.size(); i++) {
            String same = topic(questions.get(i)) + " other words " + i;
            pairs.add(new LabelledPair(same, questions.get(i), true));
            pairs.add(new LabelledPair(
                    same, questions.get(i - 1), topic(questions.get(i)).equals(topic(questions.get(i - 1)))));
        }
        SemanticTier tier = builder().build();
        tier.calibrate(pairs);
        SemanticReplay replay = SemanticReplay.of(tier);

        int hits = 0;
        for (String question : questions(random, 150)) {
            hits += replay.ask(question, topic(question)).kind() == SemanticReplay.Kind.HIT ? 1 : 0;
        }

        assertThat(hits).isGreaterThan(10);
    }

    @Test
    void neverCrossesAPartition() {
        SemanticTier tier = generous().build();
        put(tier, PARTITION, "refund how long");

        assertThat(tier.lookup(new Partition("q"), "refund how long")).isInstanceOf(Miss.class);
        assertThat(tier.lookup(PARTITION, "refund how long")).isInstanceOf(Hit.class);
    }

    @Test
    void aKnownWrongHitNeverComesBack() {
        SemanticTier tier = generous().build();
        UUID entry = put(tier, PARTITION, "refund how long");
        assertThat(tier.lookup(PARTITION, "refund when")).isInstanceOf(Hit.class);

        tier.knownWrong(pair("refund when", "refund how long"));

        assertKnownWrong(tier.lookup(PARTITION, "refund when"));
        assertKnownWrong(tier.lookup(PARTITION, "  Refund   WHEN "));
        assertThat(tier.lookup(PARTITION, "refund how")).isInstanceOf(Hit.class);

        tier.remove(entry);
        put(tier, PARTITION, "refund how long");
        assertKnownWrong(tier.lookup(PARTITION, "refund when"));
        assertThat(tier.lookup(new Partition("q"), "refund when"))
                .as("elsewhere nothing is known of it")
                .isInstanceOf(Miss.class);
    }

    @Test
    void aKnownWrongHitDoesNotComeBackAfterARestartWithTheSnapshot() {
        SemanticTier tier = generous().build();
        put(tier, PARTITION, "refund how long");
        tier.knownWrong(pair("refund when", "refund how long"));
        SemanticTier restored = generous().restore(tier.snapshot()).build();
        put(restored, PARTITION, "refund how long");

        assertKnownWrong(restored.lookup(PARTITION, "refund when"));
        assertThat(tier.snapshot()).doesNotContain("refund");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> generous()
                        .restore(tier.snapshot().replaceAll("\"[0-9a-f]{8}-", "\"x-"))
                        .build())
                .withMessageContaining("snapshot: a pair of questions that is none");
    }

    private static KnownWrong.Pair pair(String one, String other) {
        return KnownWrong.Pair.of(KnownWrong.form(PARTITION, one), KnownWrong.form(PARTITION, other));
    }

    private static void assertKnownWrong(Lookup lookup) {
        assertThat(lookup).isInstanceOfSatisfying(Vetoed.class, vetoed -> assertThat(vetoed.reason())
                .isEqualTo(Veto.Reason.KNOWN_WRONG));
    }

    @Test
    void whatTheJudgeFoundWrongNeverComesBack() {
        SemanticTier tier = generous()
                .judge((question, cached, fresh) -> AnswerJudge.Verdict.DIFFERENT)
                .judgeExecutor(Runnable::run)
                .build();
        put(tier, PARTITION, "refund how long");
        Lookup hit = tier.lookup(PARTITION, "refund when");
        assertThat(hit.wantsJudgement()).as("the first hits are all audited").isTrue();

        tier.answered(hit, "refund when", "in 3 days", "never");

        assertKnownWrong(tier.lookup(PARTITION, "refund when"));
        assertThat(tier.report().audits()).isEqualTo(1);
        assertThat(tier.report().vetoes()).containsOnlyKeys(Veto.Reason.KNOWN_WRONG);
    }

    @Test
    void anEntryThatIsWrongForManyIsForgotten() {
        SemanticTier tier = generous().build();
        put(tier, PARTITION, "refund how long");
        for (int i = 0; i < 100; i++) {
            tier.judged(tier.lookup(PARTITION, "refund " + i), false);
        }

        assertThat(tier.lookup(PARTITION, "refund how long")).isInstanceOf(Miss.class);
        assertThat(tier.report().entries()).isZero();
    }

    @Test
    void whatTheVerifierRefusesIsNotServedAndTheNextIsTried() {
        SemanticTier tier = generous()
                .verifier((asked, before) ->
                        before.contains("$100") ? Optional.of(new Veto(Veto.Reason.AMOUNT)) : Optional.empty())
                .build();
        UUID vetoed = put(tier, PARTITION, "refund over $100");

        assertThat(tier.lookup(PARTITION, "refund over $200")).isInstanceOfSatisfying(Vetoed.class, lookup -> {
            assertThat(lookup.reason()).isEqualTo(Veto.Reason.AMOUNT);
            assertThat(lookup.entry()).isEqualTo(vetoed);
        });
        assertThat(tier.report().vetoes()).containsOnlyKeys(Veto.Reason.AMOUNT);

        UUID other = put(tier, PARTITION, "refund over all");
        assertThat(tier.lookup(PARTITION, "refund over $200").candidate())
                .extracting(Lookup.Candidate::entry)
                .isEqualTo(other);
    }

    @Test
    void aRemovedEntryIsGone() {
        SemanticTier tier = generous().build();
        UUID entry = put(tier, PARTITION, "refund how long");
        tier.remove(entry);
        tier.remove(entry);

        assertThat(tier.lookup(PARTITION, "refund how long")).isInstanceOf(Miss.class);
    }

    @Test
    void holdsNoMoreEntriesThanAllowedAndKeepsTheServedOnes() {
        SemanticTier tier = generous().maxEntries(3).build();
        for (String topic : List.of("a", "b", "c")) {
            put(tier, PARTITION, topic + " question");
        }
        assertThat(tier.lookup(PARTITION, "a question?")).isInstanceOf(Hit.class);
        put(tier, PARTITION, "d question");

        assertThat(tier.report().entries()).isEqualTo(3);
        assertThat(tier.lookup(PARTITION, "a question?")).isInstanceOf(Hit.class);
        assertThat(tier.lookup(PARTITION, "b question?").candidate())
                .satisfiesAnyOf(
                        candidate -> assertThat(candidate).isNull(),
                        candidate -> assertThat(candidate.similarity()).isLessThan(0.5));
    }

    @Test
    void aFailingEmbeddingModelIsAMissAndStoresNothing() {
        EmbeddingModel broken = new EmbeddingModel() {
            @Override
            public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
                throw new IllegalStateException("down");
            }
        };
        SemanticTier tier =
                SemanticTier.builder(broken, "broken").tolerance(0.1).build();

        Lookup lookup = tier.lookup(PARTITION, "refund");
        tier.put(PARTITION, "refund", lookup, UUID.randomUUID());

        assertThat(lookup).isInstanceOf(Miss.class);
        assertThat(lookup.embedding()).isEmpty();
        assertThat(tier.report().entries()).isZero();
    }

    @Test
    void aJudgeThatThrowsOrIsUnsureTeachesNothing() {
        List<AnswerJudge> judges =
                List.of((question, cached, fresh) -> AnswerJudge.Verdict.UNSURE, (question, cached, fresh) -> {
                    throw new IllegalStateException("down");
                });
        for (AnswerJudge judge : judges) {
            SemanticTier tier =
                    builder().judge(judge).judgeExecutor(Runnable::run).build();
            put(tier, PARTITION, "refund how long");
            tier.answered(tier.lookup(PARTITION, "refund when"), "refund when", "a", "b");

            assertThat(tier.report().verdicts()).isZero();
            assertThat(tier.report().withoutVerdict()).isEqualTo(1);
        }
    }

    @Test
    void aJudgeThatHasTooMuchToDoGivesNoVerdict() {
        SemanticTier tier = builder()
                .judge(AnswerJudge.exact())
                .judgeExecutor(work -> {
                    throw new RejectedExecutionException("scripted");
                })
                .build();
        put(tier, PARTITION, "refund how long");
        tier.answered(tier.lookup(PARTITION, "refund when"), "refund when", "a", "a");

        assertThat(tier.report().withoutVerdict()).isEqualTo(1);
        assertThat(tier.report().verdicts()).isZero();
    }

    @Test
    void goesOnAfterARestartWithWhatWasLearned() {
        SemanticTier tier = builder().build();
        SemanticReplay replay = SemanticReplay.of(tier);
        for (String question : questions(Seeds.random("tier restart"), 1_500)) {
            replay.ask(question, topic(question));
        }
        assertThat(tier.report().serving()).isTrue();

        String snapshot = tier.snapshot();
        SemanticTier restored = builder().restore(snapshot).build();

        assertThat(restored.report().serving()).isTrue();
        assertThat(snapshot).doesNotContain("wording");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SemanticTier.builder(new TopicEmbeddings(), "others")
                        .tolerance(0.05)
                        .restore(snapshot)
                        .build())
                .withMessageContaining("'topics' (expected: 'others'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().restore("{").build())
                .withMessageContaining("snapshot: no JSON");
    }

    record Bad(String message, Supplier<SemanticTier.Builder> builder) {
        @Override
        public String toString() {
            return message;
        }
    }

    /** Callers in whose code nobody looks for nulls. */
    @SuppressWarnings("NullAway")
    static List<Bad> bad() {
        EmbeddingModel none = null;
        String noName = null;
        return List.of(
                new Bad(
                        "model: none (expected: the embedding model of the questions; without one there is only the exact"
                                + " tier)",
                        () -> SemanticTier.builder(none, "topics").tolerance(0.1)),
                new Bad(
                        "modelName: blank (expected: the embedding model's name; what is learned holds for it alone)",
                        () -> SemanticTier.builder(new TopicEmbeddings(), " ").tolerance(0.1)),
                new Bad(
                        "tolerance: none (expected: the tolerated share of wrong hits between 0 and 1, such as 0.02; there is no"
                                + " default because nobody else can know it)",
                        () -> SemanticTier.builder(new TopicEmbeddings(), "topics")),
                tolerance(0),
                tolerance(1),
                tolerance(1.5),
                tolerance(-0.1),
                tolerance(Double.NaN),
                new Bad(
                        "foundFor: none (expected: the name of the embedding model that the threshold 0.9 was found for; .9 of"
                                + " one model is .7 of another)",
                        () -> builder().fixedThreshold(0.9, noName)),
                new Bad(
                        "foundFor: blank (expected: the name of the embedding model that the threshold 0.9 was found for; .9 of"
                                + " one model is .7 of another)",
                        () -> builder().fixedThreshold(0.9, "")),
                new Bad(
                        "fixedThreshold: 0.9 found for 'another' (expected: one found for 'topics', the embedding model; measure"
                                + " it anew)",
                        () -> builder().fixedThreshold(0.9, "another")),
                new Bad(
                        "fixedThreshold: 1.1 (expected: between 0 and 1; the lowest cosine that is served)",
                        () -> builder().fixedThreshold(1.1, "topics")),
                new Bad(
                        "fixedThreshold: NaN (expected: between 0 and 1; the lowest cosine that is served)",
                        () -> builder().fixedThreshold(Double.NaN, "topics")),
                new Bad("confidence: 0.4 (expected: between 0.5 and 1; a half is a guess)", () -> builder()
                        .confidence(0.4)),
                new Bad(
                        "auditShare: 0.0 (expected: above 0, at most 1; without audits nobody would see that hits have become"
                                + " wrong)",
                        () -> builder().auditShare(0)),
                new Bad("exploreShare: 1.5 (expected: between 0 and 1)", () -> builder()
                        .exploreShare(1.5)),
                new Bad("memory: 5 (expected: at least 100 verdicts)", () -> builder()
                        .memory(5)),
                new Bad("maxEntries: 0 (expected: > 0)", () -> builder().maxEntries(0)));
    }

    private static Bad tolerance(double tolerance) {
        return new Bad(
                "tolerance: " + tolerance
                        + " (expected: between 0 and 1; the tolerated share of wrong hits, such as 0.02)",
                () -> builder().tolerance(tolerance));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void saysWhichSettingIsWrongAndWhatToDo(Bad bad) {
        SemanticTier.Builder builder = bad.builder().get();

        assertThatIllegalArgumentException().isThrownBy(builder::build).withMessage(bad.message());
    }

    @Test
    void settingsNameWhatChangesVerdictsAndHits() {
        String plain = builder().build().settings();

        assertThat(plain)
                .contains("model=topics", "tolerance=0.05", "verifier=lambda", "judge=none", "index=cells")
                .isEqualTo(builder().build().settings());
        assertThat(List.of(
                        SemanticTier.builder(new TopicEmbeddings(), "others")
                                .tolerance(0.05)
                                .verifier(ALL_PASS)
                                .build()
                                .settings(),
                        builder().tolerance(0.1).build().settings(),
                        builder().verifier(HitVerifier.english()).build().settings(),
                        builder()
                                .verifier(HitVerifier.english().and(ALL_PASS))
                                .build()
                                .settings(),
                        builder().judge(AnswerJudge.exact()).build().settings(),
                        builder()
                                .judge(AnswerJudge.embedding(new TopicEmbeddings(), "topics", 0.8))
                                .build()
                                .settings(),
                        builder()
                                .judge(AnswerJudge.embedding(new TopicEmbeddings(), "topics", 0.9))
                                .build()
                                .settings(),
                        builder()
                                .judge(AnswerJudge.chat(ScriptedChatModel.saying("yes"), "judge-1"))
                                .build()
                                .settings(),
                        builder()
                                .judge(AnswerJudge.chat(ScriptedChatModel.saying("yes"), "judge-2"))
                                .build()
                                .settings(),
                        builder().fixedThreshold(0.9, "topics").build().settings(),
                        builder().store(new InMemoryEmbeddingStore<>()).build().settings()))
                .doesNotHaveDuplicates()
                .doesNotContain(plain);
    }

    @Test
    void aJudgeOfChatNamesTheHashOfItsPrompt() {
        assertThat(AnswerJudge.chat(ScriptedChatModel.saying("yes"), "judge-1").name())
                .matches("chat judge-1 prompt [0-9a-f]{12}");
        assertThat(HitVerifier.english().name()).matches("english \\d+");
    }
}
