package io.github.flywheel4j.evals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Cases under a name, with a hash of what they say. Immutable.
 *
 * <p>As JSON Lines ({@code .jsonl}) a case is one object a line, as CSV ({@code .csv}) one record under a header; the fields
 * are those of {@link EvalCase}:
 *
 * <pre>{@code
 * {"id":"refund-1","input":"How long do refunds take?","expected":"5 days","slices":["refunds","language:en"]}
 * {"id":"refund-2","input":[{"role":"user","content":"And by card?"}],"origin":"production","cluster":"talk-17"}
 * {"id":"refund-3","input":{"product":"kettle"},"context":["Refunds take 5 days."],"author":"support team"}
 * }</pre>
 *
 * <p>{@code id} and {@code input} must be there. An input is a text, a list of messages ({@code role} and {@code content}, or
 * LangChain4j's own JSON) or an object of variables. {@code expected} may be any JSON and is kept as its text; {@code origin}
 * is {@code production}, {@code hand} (unless told) or {@code synthetic}. Fields of other names are an error, because a
 * misspelt {@code expected} would otherwise be lost in silence. In CSV the input stands in one of the columns {@code input},
 * {@code messages} and {@code variables}, the latter two as JSON; {@code context} is one passage or a JSON array of them;
 * slices are parted by semicolons; an empty cell is a missing value. Files are UTF-8. Attributes of messages are left out:
 * they are never sent to a model.
 */
public final class Dataset {

    private final String name;
    private final List<EvalCase> cases;
    private final Map<String, EvalCase> byId;
    private final String hash;

    private Dataset(String name, List<EvalCase> cases) {
        this.name = name;
        this.cases = List.copyOf(cases);
        this.byId = new HashMap<>();
        this.cases.forEach(each -> byId.put(each.id(), each));
        this.hash = hash(this.cases);
    }

    /**
     * What a file gave when lines that are no cases are set aside.
     *
     * @param dataset the cases that can be used
     * @param setAside what is wrong with the others, in the order of the file; show it to somebody
     */
    public record Loaded(Dataset dataset, List<BadDataset.Problem> setAside) {

        /** Copies the list. */
        public Loaded {
            setAside = List.copyOf(setAside);
        }
    }

    /**
     * The two sides of a dataset: see {@link Dataset#split}.
     *
     * @param development for looking at and tuning on
     * @param holdout for the gate alone
     */
    public record Split(Dataset development, Dataset holdout) {}

    /**
     * A dataset of these cases.
     *
     * @throws BadDataset if there is no case, or two have the same id
     */
    public static Dataset of(String name, List<EvalCase> cases) {
        List<BadDataset.Problem> problems = new ArrayList<>();
        Map<String, Long> places = new HashMap<>();
        long place = 0;
        for (EvalCase each : cases) {
            place++;
            Long first = places.putIfAbsent(each.id(), place);
            if (first != null) {
                problems.add(new BadDataset.Problem(place, DatasetFile.duplicate(each.id(), "case " + first)));
            }
        }
        if (!problems.isEmpty()) {
            throw new BadDataset(name, "case", cases.size(), problems);
        }
        if (cases.isEmpty()) {
            throw new BadDataset(name + ": no case (expected: at least 1; a run over nothing would pass everything)");
        }
        return new Dataset(name, cases);
    }

    /**
     * Reads a file. The dataset is named after it, without the ending.
     *
     * @param file ends in {@code .jsonl} or {@code .csv}
     * @throws BadDataset if any line is broken, an id stands twice or there is no case: one exception names all lines and
     *     nothing is loaded
     * @throws UncheckedIOException if it cannot be read
     * @throws IllegalArgumentException if its name has another ending
     */
    public static Dataset load(Path file) {
        DatasetFile read = read(file);
        if (!read.problems().isEmpty()) {
            throw new BadDataset(file.toString(), "line", read.total(), read.problems());
        }
        return read.dataset(file);
    }

    /**
     * Equal to {@link #load}, but broken lines and the second and later cases of one id are set aside.
     *
     * @throws BadDataset if no case is left, or a table is broken as a whole: a quote never closed, another encoding
     */
    public static Loaded loadUsable(Path file) {
        DatasetFile read = read(file);
        if (read.cases().isEmpty() && !read.problems().isEmpty()) {
            throw new BadDataset(file.toString(), "line", read.total(), read.problems());
        }
        return new Loaded(read.dataset(file), read.problems());
    }

    private static DatasetFile read(Path file) {
        try {
            return DatasetFile.read(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read as a dataset", e);
        }
    }

    /**
     * Writes all cases in their order, in place of what the file held.
     *
     * @param file ends in {@code .jsonl} or {@code .csv}
     * @throws UncheckedIOException if it cannot be written
     * @throws IllegalArgumentException if its name has another ending
     */
    public void save(Path file) {
        try {
            DatasetFile.write(file, cases);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written", e);
        }
    }

    /** What it is called in reports. It is no part of the {@link #hash}. */
    public String name() {
        return name;
    }

    /** The cases, in their order. */
    public List<EvalCase> cases() {
        return cases;
    }

    /** The case of an id. */
    public Optional<EvalCase> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /**
     * A hash over what the cases say: all fields but the author, as 32 hexadecimal digits. It does not depend on the order
     * of the cases, since results are paired by id: a sorted file is the same dataset. Nor does it depend on the format or on
     * the order of fields, variables and slices.
     */
    public String hash() {
        return hash;
    }

    /** All slices that a case is in. */
    public SortedSet<String> slices() {
        SortedSet<String> slices = new TreeSet<>();
        cases.forEach(each -> slices.addAll(each.slices()));
        return Collections.unmodifiableSortedSet(slices);
    }

    /**
     * The cases of one slice, under this dataset's name and the slice's.
     *
     * @throws BadDataset if no case is in it
     */
    public Dataset slice(String slice) {
        return of(
                name + "/" + slice,
                cases.stream().filter(each -> each.slices().contains(slice)).toList());
    }

    /**
     * Development and holdout. Clusters stay whole, and cases that are added later move no other one.
     *
     * @throws BadDataset if one side would be empty
     */
    public Split split(Holdout holdout) {
        Map<Boolean, List<EvalCase>> sides = cases.stream().collect(Collectors.partitioningBy(holdout::contains));
        return new Split(
                of(name + "/development", sides.getOrDefault(false, List.of())),
                of(name + "/holdout", sides.getOrDefault(true, List.of())));
    }

    private static String hash(List<EvalCase> cases) {
        return ContentHash.of(cases.stream()
                .map(CaseJson::canonical)
                .map(ContentHash::of)
                .sorted()
                .toList());
    }

    @Override
    public String toString() {
        return "Dataset(" + name + ", " + cases.size() + " cases, " + hash + ")";
    }
}
