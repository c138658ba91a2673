package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import io.github.flywheel4j.caching.Lookup.Hit;
import io.github.flywheel4j.caching.Lookup.Miss;
import io.github.flywheel4j.caching.Lookup.Shadow;
import io.github.flywheel4j.caching.Lookup.Vetoed;
import io.github.flywheel4j.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

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

        tier.knownWrong("refund when", entry);

        assertThat(tier.lookup(PARTITION, "refund when")).isInstanceOf(Miss.class);
        assertThat(tier.lookup(PARTITION, "  Refund   WHEN ")).isInstanceOf(Miss.class);
        assertThat(tier.lookup(PARTITION, "refund how")).isInstanceOf(Hit.class);
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

        assertThat(tier.lookup(PARTITION, "refund when")).isInstanceOf(Miss.class);
        assertThat(tier.report().audits()).isEqualTo(1);
    }

    @Test
    void anEntryThatIsWrongForManyIsForgotten() {
        SemanticTier tier = generous().build();
        UUID entry = put(tier, PARTITION, "refund how long");
        for (int i = 0; i < 100; i++) {
            tier.knownWrong("refund " + i, entry);
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
        }
    }

    @Test
    void theExactJudgeLooksPastCaseAndSpaceAlone() {
        AnswerJudge judge = AnswerJudge.exact();

        assertThat(judge.compare("q", "In 3 days", " in  3 DAYS")).isEqualTo(AnswerJudge.Verdict.SAME);
        assertThat(judge.compare("q", "In 3 days", "In 4 days")).isEqualTo(AnswerJudge.Verdict.DIFFERENT);
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

    @Test
    void saysWhichSettingIsWrongAndWhatToDo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        SemanticTier.builder(new TopicEmbeddings(), "topics").build())
                .withMessageStartingWith("tolerance: none (expected:");
        for (double tolerance : new double[] {0, 1, 1.5, -0.1, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder().tolerance(tolerance).build())
                    .withMessageStartingWith("tolerance: " + tolerance + " (expected: between 0");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().fixedThreshold(0.9, "another").build())
                .withMessageContaining("found for 'another' (expected: one found for 'topics'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().auditShare(0).build())
                .withMessageStartingWith("auditShare: 0.0 (expected: above 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SemanticTier.builder(new TopicEmbeddings(), " ")
                        .tolerance(0.1)
                        .build())
                .withMessageStartingWith("modelName: blank");
    }
}
