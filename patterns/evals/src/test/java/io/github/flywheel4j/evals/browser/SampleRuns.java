package io.github.flywheel4j.evals.browser;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.output.TokenUsage;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Cost;
import io.github.flywheel4j.Outcome;
import io.github.flywheel4j.PriceList;
import io.github.flywheel4j.evals.CalibratedJudge;
import io.github.flywheel4j.evals.Candidate;
import io.github.flywheel4j.evals.Comparison;
import io.github.flywheel4j.evals.Dataset;
import io.github.flywheel4j.evals.EvalCase;
import io.github.flywheel4j.evals.EvalInput;
import io.github.flywheel4j.evals.EvalReport;
import io.github.flywheel4j.evals.EvalRun;
import io.github.flywheel4j.evals.EvalRunner;
import io.github.flywheel4j.evals.Gate;
import io.github.flywheel4j.evals.GateResult;
import io.github.flywheel4j.evals.HumanLabel;
import io.github.flywheel4j.evals.Output;
import io.github.flywheel4j.evals.RubricJudge;
import io.github.flywheel4j.evals.Scorer;
import io.github.flywheel4j.evals.Scorers;
import io.github.flywheel4j.evals.Varies;
import io.github.flywheel4j.testkit.Answer;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.regex.Pattern;

/**
 * Two runs of a shop's assistant, before and after a change of its prompt, made with nothing but the public API: slices,
 * conversations, errors, a calibrated judge, costs, and texts that would like to be more than texts. The same each time.
 */
final class SampleRuns {

    /** What a hostile text does if a browser takes it for part of the page. */
    static final String OWNED = "owned";

    static final String HOSTILE_ID = "hostile-1";
    static final String LONG_ID = "odd-3";

    private static final String ATTACK =
            "<script>document.title='" + OWNED + "'</script><img src=x onerror=\"document.title='" + OWNED
                    + "'\"></script><!-- @data@ & &lt;b&gt; ${1} \\u003c";
    private static final String DECLINED = "I do not know: our documents say nothing about that.";
    private static final String MODEL = "small-chat-2026-07-18";
    private static final String JUDGE = "judge-large-2026-05-01";
    private static final int LABELS = 120;

    /** What a document of the shop says of one thing, and what a hasty reader makes of it. */
    private record Topic(String slice, String source, String question, String right, String wrong) {

        boolean answerable() {
            return !slice.equals("unanswerable");
        }
    }

    private static final List<Topic> TOPICS = List.of(
            new Topic(
                    "refunds",
                    "returns.md",
                    "How long can I send back a %s that I do not like?",
                    "You can send it back within 30 days of delivery, used or not; we pay the postage.",
                    "You can send it back within 14 days of delivery if it is unused; we pay the postage."),
            new Topic(
                    "refunds",
                    "returns.md",
                    "When do I get the money for my %s back?",
                    "The money is with you 5 working days after the parcel has reached us, on the card you paid with.",
                    "The money is with you 10 working days after the parcel has reached us."),
            new Topic(
                    "delivery",
                    "delivery.md",
                    "How much is it to have a %s sent to Ireland?",
                    "Delivery to Ireland is 9.90 EUR, and free from 80 EUR on.",
                    "Delivery is free from 80 EUR on."),
            new Topic(
                    "delivery",
                    "delivery.md",
                    "I ordered a %s at noon. Will it come tomorrow?",
                    "What is ordered before 14:00 leaves the same day and comes the next working day.",
                    "What is ordered before 11:00 leaves the same day; yours leaves tomorrow."),
            new Topic(
                    "warranty",
                    "warranty.md",
                    "My %s broke after two years and a half. Is that still covered?",
                    "Yes. The warranty is 3 years; send us a photo and the number on its base.",
                    "No. The warranty is 2 years, so a repair is at your own cost."),
            new Topic(
                    "warranty",
                    "warranty.md",
                    "Do you mend a %s whose lid is cracked?",
                    "Lids are parts that wear: you get a new one for 6.50 EUR, without postage.",
                    "Yes, a cracked lid is mended without charge under the warranty."),
            new Topic(
                    "language:de",
                    "ruecksendung.md",
                    "Wie lange kann ich den %s zurückgeben?",
                    "Sie können ihn innerhalb von 30 Tagen nach Lieferung zurückgeben; das Porto zahlen wir.",
                    "Sie können ihn innerhalb von 14 Tagen zurückgeben."),
            new Topic(
                    "unanswerable",
                    "",
                    "Which %s does your biggest competitor sell most?",
                    DECLINED,
                    "Most people there buy the steel one, which was sold 12,000 times last year."));

    private static final List<String> GOODS = List.of(
            "kettle",
            "toaster",
            "hand mixer",
            "coffee mill",
            "egg cooker",
            "rice cooker",
            "waffle iron",
            "milk frother",
            "juicer");

    /** Of 100 cases of a slice so many are answered well, before and after. */
    private static final Map<String, int[]> SHARES = Map.of(
            "refunds", new int[] {35, 97},
            "delivery", new int[] {58, 95},
            "warranty", new int[] {84, 76},
            "language:de", new int[] {45, 95},
            "unanswerable", new int[] {55, 90});

    private final Dataset dataset;
    private final EvalRun baseline;
    private final EvalRun candidate;
    private final CalibratedJudge judge = calibrated();

    SampleRuns() {
        dataset = Dataset.of("shop assistant", cases());
        List<Scorer> scorers = List.of(
                judge,
                Scorers.matches(Pattern.compile("\\[[a-z]+\\.md]|nothing about that")),
                Scorers.refusal(each -> each.slices().contains("unanswerable"), "slice unanswerable"),
                Scorers.tokenF1(),
                Scorers.latency());
        baseline = runner(2).run(dataset, assistant("prompt v7", 0), scorers);
        candidate = runner(3).run(dataset, assistant("prompt v8", 1), scorers);
    }

    /** The two compared, with a gate and the judge. */
    EvalReport compared() {
        return EvalReport.of(dataset, baseline, candidate, comparison())
                .withGate(gateResult())
                .withJudge(judge, candidate);
    }

    /** The candidate alone. */
    EvalReport alone() {
        return EvalReport.of(dataset, candidate);
    }

    Dataset dataset() {
        return dataset;
    }

    EvalRun baseline() {
        return baseline;
    }

    EvalRun candidate() {
        return candidate;
    }

    CalibratedJudge judge() {
        return judge;
    }

    Comparison comparison() {
        return Comparison.compare(baseline, candidate, Varies.PROMPT);
    }

    GateResult gateResult() {
        return Gate.builder()
                .better("same-as-reference")
                .notWorse("matches", 0.1)
                .build()
                .check(baseline, candidate, Varies.PROMPT);
    }

    private static EvalRunner runner(int day) {
        AtomicLong nanos = new AtomicLong();
        return EvalRunner.builder()
                .workers(1)
                .clock(Clock.fixed(Instant.parse("2026-11-0" + day + "T09:30:00Z"), ZoneOffset.UTC))
                .nanoTime(() -> nanos.addAndGet(Duration.ofMillis(60).toNanos()))
                .build();
    }

    private static List<EvalCase> cases() {
        List<EvalCase> cases = new ArrayList<>();
        for (String good : GOODS) {
            for (Topic topic : TOPICS) {
                // Two questions in a row are one conversation.
                cases.add(oneCase(
                        topic.slice().replace("language:", "") + "-" + (cases.size() + 1),
                        EvalInput.text(topic.question().formatted(good)),
                        topic,
                        "talk-" + cases.size() / 2));
            }
        }
        cases.addAll(oddCases());
        return cases;
    }

    private static List<EvalCase> oddCases() {
        Topic refunds = TOPICS.get(0);
        Topic delivery = TOPICS.get(2);
        return List.of(
                oneCase(
                        HOSTILE_ID,
                        EvalInput.text("My name is " + ATTACK + " and I want my money back."),
                        refunds,
                        null),
                oneCase(
                        "odd-1 <b>&amp;\"quoted\"</b>",
                        EvalInput.text(
                                "مرحبا، متى يصل الطرد؟ 👩‍👩‍👧 ¿Y a España? 送料はいくらですか。 e\u0301 \u2028\u0000\u0007 end"),
                        delivery,
                        null),
                oneCase("odd-2", EvalInput.text("The parcel is late \uD83D"), delivery, null),
                oneCase(
                        LONG_ID,
                        EvalInput.text("What is https://shop.example/track?parcel=" + "0123456789abcdef".repeat(30)
                                + " about?"),
                        delivery,
                        null),
                oneCase(
                        "odd-4",
                        new EvalInput.Conversation(List.of(
                                SystemMessage.from("You help the customers of a shop."),
                                UserMessage.from("I bought a kettle."),
                                AiMessage.from("How can I help?"),
                                UserMessage.from("I want to send it back. Can I?"))),
                        refunds,
                        null),
                oneCase("odd-5", new EvalInput.Variables(Map.of("product", "kettle")), refunds, null));
    }

    private static EvalCase oneCase(String id, EvalInput input, Topic topic, String cluster) {
        return new EvalCase(
                id,
                input,
                topic.right(),
                List.of(),
                new TreeSet<>(
                        topic.slice().equals("refunds") && id.startsWith("refunds")
                                ? List.of(topic.slice(), "often asked")
                                : List.of(topic.slice())),
                cluster == null ? EvalCase.Origin.HAND : EvalCase.Origin.PRODUCTION,
                null,
                cluster);
    }

    /** Answers well as often as its version does, slower and dearer where it answers at length. */
    private static Candidate assistant(String version, int which) {
        return Candidate.ofOutputs(version, evalCase -> {
                    RandomGenerator random = random(evalCase.id() + which);
                    if (random.nextInt(100) < 3) {
                        throw new IllegalStateException("the provider answered 503");
                    }
                    Topic topic = topic(evalCase);
                    boolean well = random(evalCase.id()).nextInt(100) < SHARES.get(topic.slice())[which]
                            && (which == 0 || random.nextInt(100) > 2);
                    return output(evalCase, topic, well, which, random);
                })
                .withModel(MODEL)
                .withPrompt(version)
                .withFingerprint(version);
    }

    private static Output output(EvalCase evalCase, Topic topic, boolean well, int which, RandomGenerator random) {
        String text = well ? topic.right() : topic.wrong();
        if (topic.answerable() || !well) {
            text = text + (random.nextInt(100) < 96 ? " [" + topic.source() + "]" : "");
        }
        if (which == 1 && topic.answerable() && random.nextInt(3) == 0) {
            text = "Of course. " + text;
        }
        if (evalCase.id().equals(HOSTILE_ID)) {
            text = "Hello " + ATTACK + (which == 0 ? ". " : "! ") + text;
        }
        int in = 640 + which * 85 + random.nextInt(60);
        int out = text.length() / 4;
        return new Output(
                text,
                List.of(),
                List.of(),
                Outcome.ANSWERED,
                new TokenUsage(in, out, in + out),
                new Cost(BigDecimal.valueOf(in * 15L + out * 60L, 8), "USD"),
                Duration.ofMillis(620 + random.nextInt(700) + out * 4L),
                null);
    }

    private static Topic topic(EvalCase evalCase) {
        return TOPICS.stream()
                .filter(each -> each.right().equals(evalCase.expected()))
                .findFirst()
                .orElseThrow();
    }

    /** Agrees with people mostly: now and then it is lenient, more seldom strict, and once it does not say. */
    private static CalibratedJudge calibrated() {
        // Behind a stack with prices, else nobody knows what its verdicts cost.
        ChatStack judging = ChatStack.builder()
                .chatModel(ScriptedChatModel.answering(SampleRuns::verdict))
                .prices(PriceList.builder("USD")
                        .perMillionTokens(JUDGE, "1.25", "5")
                        .perMillionTokens("scripted", "1.25", "5")
                        .build())
                .build();
        RubricJudge judge = RubricJudge.sameAsReference()
                .model(judging.chatModel(), JUDGE)
                .candidateModel(MODEL)
                .build();
        List<HumanLabel> labels = new ArrayList<>();
        for (int i = 0; i < LABELS; i++) {
            Topic topic = TOPICS.get(i % TOPICS.size());
            EvalCase evalCase =
                    oneCase("label-" + i, EvalInput.text(topic.question().formatted("pan no. " + i)), topic, null);
            boolean well = i % 5 < 3;
            labels.add(new HumanLabel(evalCase, Output.of(well ? topic.right() : topic.wrong()), well));
        }
        return CalibratedJudge.from(judge, labels);
    }

    private static Answer verdict(ChatRequest request) {
        String asked = ((UserMessage) request.messages().get(1)).singleText();
        RandomGenerator random = random(asked);
        int luck = random.nextInt(100);
        if (asked.contains("egg cooker that I")) {
            return Answer.text("Hard to say.").usage(asked.length() / 4, 4);
        }
        String answer = asked.substring(asked.indexOf(" ANSWER\n", asked.indexOf("REFERENCE ANSWER") + 10));
        boolean same = TOPICS.stream().anyMatch(topic -> answer.contains(topic.right()));
        return Answer.text(
                        same != (luck < (same ? 4 : 10))
                                ? "It states what the reference states.\nVERDICT: YES"
                                : "It differs from the reference in a fact.\nVERDICT: NO")
                .usage(asked.length() / 4, 12);
    }

    /** The same for the same text, on each platform. */
    private static RandomGenerator random(String text) {
        long seed = Arrays.hashCode(text.replaceAll("[0-9a-f]{12}", "").toCharArray()) * 0x9E3779B97F4A7C15L;
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }
}
