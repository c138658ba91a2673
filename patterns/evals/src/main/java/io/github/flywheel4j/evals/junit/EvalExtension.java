package io.github.flywheel4j.evals.junit;

import io.github.flywheel4j.evals.Dataset;
import io.github.flywheel4j.evals.EvalCase;
import io.github.flywheel4j.evals.InconclusivePolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** Turns a method with {@link Eval} into tests. */
final class EvalExtension implements TestTemplateInvocationContextProvider {

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return annotation(context) != null;
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        Eval eval = annotation(context);
        if (eval == null) {
            return Stream.empty();
        }
        Dataset all = dataset(eval.dataset(), context.getRequiredTestClass());
        Dataset dataset = eval.slice().isEmpty() ? all : all.slice(eval.slice());
        List<Class<?>> parameters = List.of(context.getRequiredTestMethod().getParameterTypes());
        if (parameters.contains(EvalCase.class)) {
            return dataset.cases().stream().map(each -> new Invocation(each.id(), EvalCase.class, each));
        }
        if (parameters.contains(Evaluation.class)) {
            Evaluation evaluation = new Evaluation(
                    dataset,
                    eval.baseline().isEmpty() ? null : Path.of(eval.baseline()),
                    eval.onInconclusive().length == 0 ? InconclusivePolicy.configured() : eval.onInconclusive()[0]);
            return Stream.of(new Invocation(dataset.name(), Evaluation.class, evaluation));
        }
        throw new ExtensionConfigurationException("@Eval on " + context.getRequiredTestMethod()
                + ": takes neither a case nor the whole (expected: a parameter of type EvalCase or Evaluation)");
    }

    private static @Nullable Eval annotation(ExtensionContext context) {
        return context.getTestMethod()
                .map(method -> method.getAnnotation(Eval.class))
                .orElse(null);
    }

    private static Dataset dataset(String name, Class<?> test) {
        Path file = Path.of(name);
        if (Files.exists(file)) {
            return Dataset.load(file);
        }
        String resource = name.startsWith("/") ? name : "/" + name;
        try (InputStream in = test.getResourceAsStream(resource)) {
            if (in == null) {
                throw new ExtensionConfigurationException("@Eval(dataset = \"" + name + "\"): no such file in "
                        + Path.of("").toAbsolutePath() + " and no such resource (expected: a .jsonl or .csv file)");
            }
            Path folder = Files.createTempDirectory("flywheel4j-evals");
            Path copy = folder.resolve(String.valueOf(file.getFileName()));
            try {
                Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
                return Dataset.load(copy);
            } finally {
                Files.deleteIfExists(copy);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("resource " + resource + ": cannot be read as a dataset", e);
        }
    }

    /** One test with its argument. */
    private record Invocation(String name, Class<?> type, Object argument)
            implements TestTemplateInvocationContext, ParameterResolver {

        @Override
        public String getDisplayName(int invocationIndex) {
            return name;
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(this);
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType().equals(type);
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return argument;
        }
    }
}
