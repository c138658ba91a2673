package io.github.flywheel4j.evals;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.store.embedding.CosineSimilarity;
import io.github.flywheel4j.Interaction;
import io.github.flywheel4j.stats.Interval;
import io.github.flywheel4j.stats.Intervals;
import io.github.flywheel4j.text.Words;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * How much of what users ask has a case near it, and what has none. Immutable.
 *
 * @param share the share of the traffic with a near case, with a 95 % interval
 * @param missing what has no near case, put together by likeness, the largest first: write cases for these
 * @param bySlice how much of the traffic is nearest to a case of each slice; slices that nobody asks about have 0
 */
public record TrafficCoverage(Interval share, List<Region> missing, Map<String, Double> bySlice) {

    private static final double LEVEL = 0.95;
    private static final double WORDS_IN_COMMON = 0.5;

    /**
     * Questions that are like each other and like no case.
     *
     * @param questions how many
     * @param example the place of one of them in the traffic, from 0
     */
    public record Region(int questions, int example) {}

    /** Copies the collections. */
    public TrafficCoverage {
        missing = List.copyOf(missing);
        bySlice = Collections.unmodifiableMap(new TreeMap<>(bySlice));
    }

    /**
     * By words: near is a case that shares at least half of all content words of both ({@link Words#content}). It misses other
     * wordings, so its share is rather too low.
     *
     * @param questions the traffic; see {@link #questions}
     * @throws IllegalArgumentException if there is none
     */
    public static TrafficCoverage byWords(Dataset dataset, List<String> questions) {
        List<Set<String>> cases = new ArrayList<>();
        dataset.cases().forEach(each -> cases.add(new HashSet<>(Words.content(JudgePrompt.question(each)))));
        List<Set<String>> traffic = new ArrayList<>();
        questions.forEach(each -> traffic.add(new HashSet<>(Words.content(each))));
        return of(dataset, traffic, cases, TrafficCoverage::jaccard, WORDS_IN_COMMON);
    }

    /**
     * By meaning.
     *
     * @param questions the traffic; see {@link #questions}
     * @param near from which cosine on a case is near; it belongs to the embedding model, so look at some pairs first
     * @throws IllegalArgumentException if there is no traffic
     */
    public static TrafficCoverage byEmbedding(
            Dataset dataset, List<String> questions, EmbeddingModel model, double near) {
        List<Embedding> cases =
                embed(model, dataset.cases().stream().map(JudgePrompt::question).toList());
        return of(dataset, embed(model, questions), cases, CosineSimilarity::between, near);
    }

    private static List<Embedding> embed(EmbeddingModel model, List<String> texts) {
        return texts.isEmpty()
                ? List.of()
                : model.embedAll(texts.stream().map(TextSegment::from).toList()).content();
    }

    /** What users asked: the last user's message of each interaction; without those that have none. */
    public static List<String> questions(List<Interaction> interactions) {
        List<String> questions = new ArrayList<>();
        for (Interaction interaction : interactions) {
            String question = null;
            for (ChatMessage message : interaction.request().messages()) {
                if (message instanceof UserMessage user && user.hasSingleText()) {
                    question = user.singleText();
                }
            }
            if (question != null && !question.isBlank()) {
                questions.add(question);
            }
        }
        return questions;
    }

    private interface Likeness<T> {
        double of(T a, T b);
    }

    private static double jaccard(Set<String> a, Set<String> b) {
        long common = a.stream().filter(b::contains).count();
        long all = a.size() + b.size() - common;
        return all == 0 ? 1 : (double) common / all;
    }

    private static <T> TrafficCoverage of(
            Dataset dataset, List<T> traffic, List<T> cases, Likeness<T> likeness, double near) {
        if (traffic.isEmpty()) {
            throw new IllegalArgumentException("questions: none (expected: what users asked)");
        }
        Map<String, Double> bySlice = new TreeMap<>();
        dataset.slices().forEach(slice -> bySlice.put(slice, 0.0));
        List<Integer> leaders = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        int covered = 0;
        for (int i = 0; i < traffic.size(); i++) {
            T question = traffic.get(i);
            Integer nearest = nearest(cases.size(), at -> likeness.of(question, cases.get(at)), near);
            if (nearest != null) {
                covered++;
                dataset.cases()
                        .get(nearest)
                        .slices()
                        .forEach(slice -> bySlice.merge(slice, 1.0 / traffic.size(), Double::sum));
                continue;
            }
            Integer region = nearest(leaders.size(), at -> likeness.of(question, traffic.get(leaders.get(at))), near);
            if (region == null) {
                leaders.add(i);
                sizes.add(1);
            } else {
                sizes.set(region, sizes.get(region) + 1);
            }
        }
        List<Region> missing = new ArrayList<>();
        for (int i = 0; i < leaders.size(); i++) {
            missing.add(new Region(sizes.get(i), leaders.get(i)));
        }
        missing.sort(Comparator.comparingInt(Region::questions).reversed());
        return new TrafficCoverage(Intervals.wilson(covered, traffic.size(), LEVEL), missing, bySlice);
    }

    private static @Nullable Integer nearest(int count, IntToDoubleFunction likeness, double near) {
        Integer nearest = null;
        double best = near;
        for (int i = 0; i < count; i++) {
            double value = likeness.applyAsDouble(i);
            if (value >= best && (nearest == null || value > best)) {
                nearest = i;
                best = value;
            }
        }
        return nearest;
    }
}
