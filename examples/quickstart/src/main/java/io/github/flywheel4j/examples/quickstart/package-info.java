/**
 * The main job in one run: an assistant that answers questions over a folder of documents, with no key and no network.
 *
 * <p>Read {@link io.github.flywheel4j.examples.quickstart.Quickstart} first: the whole flow is there, from the folder to the
 * answer. Each pattern of Flywheel4j stands in it as one line of the stack.
 */
@NullMarked
package io.github.flywheel4j.examples.quickstart;

import org.jspecify.annotations.NullMarked;
