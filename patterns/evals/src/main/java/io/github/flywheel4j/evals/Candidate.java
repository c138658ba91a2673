package io.github.flywheel4j.evals;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.CallBlocked;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is evaluated: something that answers cases, and what identifies it in a comparison.
 *
 * <pre>{@code
 * Candidate asShipped = Candidate.of(stack).withPrompt("v7");
 * Candidate other = Candidate.of(otherModel, "other-model").withTemplate("Answer in one word: {{input}}");
 * Candidate service = Candidate.of("assistant", evalCase -> assistant.ask(question(evalCase)));
 * }</pre>
 *
 * <p>Each case is answered in a {@link CallContext} that asks for a fresh answer ({@link CallContext#FRESH}: no cache serves
 * or keeps it) and says which case it is (the attribute {@link #ATTRIBUTE}). Where the answer comes through a stack, on the
 * thread that the candidate is called on, the {@link Output} has the interaction's id, usage, cost and what was retrieved:
 * the ids in the fact {@code sources} of a layer's decision, a list of ids, best first. A candidate that opens a scope of its own
 * within that ({@link CallContext#call}, {@link CallContext#open}) keeps the interactions of the calls in it for itself: the
 * output has none of the above of them, nor does a {@link Budget} count them.
 *
 * <p>A candidate that a guard blocks ({@link CallBlocked}) has answered: its output is empty, with the outcome {@code
 * BLOCKED}. Any other exception is an error, no answer.
 *
 * <p>Immutable; as thread-safe as what answers, which is called from many threads at once.
 */
public final class Candidate {

    /** The context's attribute that says which case is asked: a map of {@code run}, {@code case} and {@code repeat}. */
    public static final String ATTRIBUTE = "flywheel4j.eval";

    private static final Output BLOCKED =
            new Output("", List.of(), List.of(), Outcome.BLOCKED, null, null, Duration.ZERO, null);

    private final String name;
    private final String fingerprint;
    private final String model;
    private final @Nullable ChatModel chatModel;
    private final @Nullable Function<EvalCase, Output> function;
    private final CandidatePrompt prompt;

    private Candidate(
            String name,
            String fingerprint,
            String model,
            @Nullable ChatModel chatModel,
            @Nullable Function<EvalCase, Output> function,
            CandidatePrompt prompt) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name: blank (expected: a name for reports)");
        }
        this.name = name;
        this.fingerprint = fingerprint;
        this.model = model;
        this.chatModel = chatModel;
        this.function = function;
        this.prompt = prompt;
    }

    /**
     * A stack with all its layers, named after them.
     *
     * @throws IllegalStateException if the stack has no blocking model
     */
    public static Candidate of(ChatStack stack) {
        return of(stack, stack.toString());
    }

    /**
     * A model alone.
     *
     * @param name its name in reports, and what {@link Varies#PROMPT} holds to be the model
     */
    public static Candidate of(ChatModel model, String name) {
        return of(ChatStack.builder().chatModel(model).build(), name).withModel(name);
    }

    private static Candidate of(ChatStack stack, String name) {
        String model = stack.chatModel().defaultRequestParameters().modelName();
        return new Candidate(
                name,
                stack.fingerprint().value(),
                model == null ? stack.toString() : model,
                stack.chatModel(),
                null,
                CandidatePrompt.NONE);
    }

    /**
     * Anything that answers with a text, such as an AI service. Say with {@link #withModel}, {@link #withPrompt} and {@link
     * #withFingerprint} what it is, else two functions of one name are taken for the same.
     */
    public static Candidate of(String name, Function<EvalCase, String> answer) {
        return ofOutputs(name, evalCase -> Output.of(answer.apply(evalCase)));
    }

    /** Equal to {@link #of(String, Function)}, for what knows more of its answer than the text. */
    public static Candidate ofOutputs(String name, Function<EvalCase, Output> answer) {
        return new Candidate(name, ContentHash.of("function", name), name, null, answer, CandidatePrompt.NONE);
    }

    /** The same under another name. */
    public Candidate named(String name) {
        return new Candidate(name, fingerprint, model, chatModel, function, prompt);
    }

    /** The same, with this as the name of the model that answers. */
    public Candidate withModel(String model) {
        return new Candidate(name, fingerprint, model, chatModel, function, prompt);
    }

    /** The same, with this as the version (or the text) of the prompt that the application fills in by itself. */
    public Candidate withPrompt(String version) {
        return with(new CandidatePrompt(version, prompt.template(), prompt.systemMessage()));
    }

    /** The same, with this as what changes when the candidate does: a build, a configuration's hash. */
    public Candidate withFingerprint(String fingerprint) {
        return new Candidate(name, fingerprint, model, chatModel, function, prompt);
    }

    /**
     * The same model or stack behind a prompt: the last user's message becomes the filled template. A case's variables are
     * filled in by name, a case's text as {@code {{input}}}.
     *
     * @throws IllegalStateException if the candidate is a function, which makes its own prompt
     */
    public Candidate withTemplate(String template) {
        requireModel("a template");
        return with(new CandidatePrompt(prompt.version(), template, prompt.systemMessage()));
    }

    /**
     * The same model or stack with a system message in front.
     *
     * @throws IllegalStateException if the candidate is a function
     */
    public Candidate withSystemMessage(String text) {
        requireModel("a system message");
        return with(new CandidatePrompt(prompt.version(), prompt.template(), text));
    }

    private Candidate with(CandidatePrompt prompt) {
        return new Candidate(name, fingerprint, model, chatModel, function, prompt);
    }

    private void requireModel(String what) {
        if (chatModel == null) {
            throw new IllegalStateException("candidate '" + name + "' is a function and takes no " + what.substring(2)
                    + " (expected: a model or a stack; let the function make its own prompt and name it with"
                    + " withPrompt)");
        }
    }

    /** Its name in reports. */
    public String name() {
        return name;
    }

    /** Changes when the candidate does: over the stack's fingerprint and the prompt. */
    public String fingerprint() {
        return ContentHash.of(fingerprint, model, promptHash());
    }

    /** The model that answers. */
    public String model() {
        return model;
    }

    /** A hash over the prompt's version, the template and the system message. */
    public String promptHash() {
        return prompt.hash();
    }

    /**
     * Answers a case in the given context.
     *
     * @param beside hears what was used and is in no answer
     */
    Output answer(EvalCase evalCase, CallContext context, LongSupplier nanoTime, Consumer<Spent> beside) {
        long started = nanoTime.getAsLong();
        Attempt<Output> attempt = Attempt.of(context, () -> produce(evalCase));
        Duration took = Duration.ofNanos(nanoTime.getAsLong() - started);
        if (attempt.failure() != null && !(attempt.failure() instanceof CallBlocked)) {
            beside.accept(attempt.spent());
            return attempt.get();
        }
        Output output = attempt.failure() == null ? attempt.get() : BLOCKED;
        Output complete = OutputOfCalls.complete(output, attempt.interactions(), attempt.spent(), took);
        if (complete.cost() == null) {
            // Of several currencies, which one answer cannot hold.
            beside.accept(new Spent(0, attempt.spent().costs()));
        }
        return complete;
    }

    private Output produce(EvalCase evalCase) {
        if (function != null) {
            return function.apply(evalCase);
        }
        if (chatModel == null) {
            throw new IllegalStateException("a candidate is a model or a function");
        }
        ChatResponse response = chatModel.chat(
                ChatRequest.builder().messages(prompt.messages(evalCase)).build());
        String text = response.aiMessage().text();
        return new Output(
                text == null ? "" : text,
                response.aiMessage().toolExecutionRequests(),
                List.of(),
                Outcome.ANSWERED,
                response.tokenUsage(),
                null,
                Duration.ZERO,
                null,
                response.modelName());
    }

    @Override
    public String toString() {
        return "Candidate(" + name + ")";
    }
}
