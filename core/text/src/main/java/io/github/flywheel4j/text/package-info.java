/**
 * The same text in one spelling, and its words and sentences.
 *
 * <p>Two texts that a reader takes for the same differ in code points: {@code ﬁle} and {@code file}, {@code Straße}
 * and {@code STRASSE}, a plain and a non-breaking space, an invisible character slipped in by a copy. Everything here
 * that compares texts (a cache key, a veto, a guard, a search for supporting words) compares folded text.
 *
 * <pre>{@code
 * String folded = Spelling.fold("The  ﬁle was CANCELLED"); // "the file was cancelled"
 * List<String> words = Words.of("It costs 3.50, doesn't it?"); // it, costs, 3.50, doesn't, it
 * List<String> content = Words.content("Which layers does the stack run?"); // layer, stack, run
 * List<String> sentences = Sentences.of("See e.g. the guide. It is short."); // See e.g. the guide. | It is short.
 * }</pre>
 *
 * <p>Pure functions of their arguments: no model, no file, no state; safe from any thread. Stop words, stems and
 * abbreviations are English; spelling, words and sentences serve every language that puts spaces between words.
 */
@NullMarked
package io.github.flywheel4j.text;

import org.jspecify.annotations.NullMarked;
