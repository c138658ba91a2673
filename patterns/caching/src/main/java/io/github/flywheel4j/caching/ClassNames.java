package io.github.flywheel4j.caching;

/** What settings call a collaborator that says nothing of itself. */
final class ClassNames {

    private ClassNames() {}

    /** The name of its class; "lambda" for one, whose name would differ from run to run. */
    static String of(Object collaborator) {
        Class<?> type = collaborator.getClass();
        return type.isHidden() ? "lambda" : type.getName();
    }
}
