/**
 * What a text says, the same text in one spelling, and its words and sentences.
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
 * <p>{@link io.github.flywheel4j.text.TextFacts} reads what a text states: numbers, amounts, measures, dates, versions,
 * codes, names, quotations, denials, the kind of question. Two texts that look alike but say something else differ in one
 * of these.
 *
 * <pre>{@code
 * TextFacts over = TextFacts.of("Is a fee charged on transfers over $100?");
 * TextFacts under = TextFacts.of("Is a fee charged on transfers under 100 dollars?");
 * over.facts(Fact.Kind.AMOUNT).get(0).value(); // 100 USD
 * over.difference(under); // ANTONYM
 * }</pre>
 *
 * <p>{@link io.github.flywheel4j.text.YesOrNo} reads the verdict of a model that was asked for a yes or a no.
 *
 * <p>Pure functions of their arguments: no model, no file, no state; safe from any thread. Stop words, stems and
 * abbreviations are English; spelling, words and sentences serve every language that puts spaces between words.
 */
@NullMarked
package io.github.flywheel4j.text;

import org.jspecify.annotations.NullMarked;
