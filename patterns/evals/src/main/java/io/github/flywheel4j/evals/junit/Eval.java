package io.github.flywheel4j.evals.junit;

import io.github.flywheel4j.evals.InconclusivePolicy;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test over a dataset. A method that takes an {@link io.github.flywheel4j.evals.EvalCase} is a test for each case; one that
 * takes an {@link Evaluation} is one test, a gate, over all of them.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(EvalExtension.class)
public @interface Eval {

    /** The file of the dataset, in the folder that tests run in (the module's); else a resource of the class path. */
    String dataset();

    /** The file of the baseline in the same folder; needed by {@link Evaluation#baseline}. */
    String baseline() default "";

    /** The slice to take; all cases unless told. */
    String slice() default "";

    /**
     * What to make of verdicts that the cases do not allow. Empty, which is what it is unless told, leaves it to {@link
     * InconclusivePolicy#configured}.
     */
    InconclusivePolicy[] onInconclusive() default {};
}
