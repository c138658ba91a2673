package io.github.flywheel4j.evals;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which models grew up together, told by their names: they favour each other's words. */
final class ModelFamily {

    private static final List<Map.Entry<String, Pattern>> FAMILIES = List.of(
            family("gpt", "(?:chat)?gpt|\\bo[1-9](?:\\b|-)|davinci|codex"),
            family("claude", "claude"),
            family("gemini", "gemini|gemma|palm|bison"),
            family("llama", "llama|vicuna|alpaca"),
            family("mistral", "mistral|mixtral|ministral|codestral|magistral|pixtral"),
            family("qwen", "qwen|qwq"),
            family("deepseek", "deepseek"),
            family("command", "command-|c4ai|aya-"),
            family("phi", "\\bphi-?[1-9]"),
            family("nova", "nova-(?:micro|lite|pro|premier)|amazon\\.|titan"),
            family("grok", "grok"),
            family("yi", "\\byi-"),
            family("glm", "glm"),
            family("kimi", "kimi|moonshot"),
            family("granite", "granite"),
            family("jamba", "jamba"),
            family("falcon", "falcon"));

    private ModelFamily() {}

    private static Map.Entry<String, Pattern> family(String name, String pattern) {
        return Map.entry(name, Pattern.compile(pattern));
    }

    /** The family; empty for a name that tells none. */
    static Optional<String> of(String model) {
        String lower = model.toLowerCase(Locale.ROOT);
        return FAMILIES.stream()
                .filter(family -> family.getValue().matcher(lower).find())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Whether two models are of one family; those without one are if they have the same name. */
    static boolean same(String a, String b) {
        Optional<String> family = of(a);
        return family.isPresent() ? family.equals(of(b)) : a.equalsIgnoreCase(b);
    }
}
