/**
 * The examples of the README, the guides and the package documentation, compiled and run.
 *
 * <p>An example stands in a test, here or in any other module, between the comments {@code // snippet} and
 * {@code // end snippet}. {@link io.github.flywheel4j.snippets.SnippetsTest} finds each example of the documents among
 * them, character for character but for the indentation.
 */
package io.github.flywheel4j.snippets;
