package io.github.flywheel4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {

    @Test
    void foldsEachWordAndKeepsTheOrder() {
        assertThat(Words.of("The ﬁle, the FILE!")).containsExactly("the", "file", "the", "file");
    }

    @Test
    void keepsNumbersAndContractionsWhole() {
        assertThat(Words.of("It costs 3.50 (or 10,000.5), doesn’t it? v1.2.3, 2.5mm, the 3rd."))
                .containsExactly(
                        "it", "costs", "3.50", "or", "10,000.5", "doesn't", "it", "v1.2.3", "2.5mm", "the", "3rd");
    }

    @Test
    void takesNamesApartAtTheirSigns() {
        assertThat(Words.of("langchain4j-open-ai, call.stream(), a_b, UTF-8, it's."))
                .containsExactly("langchain4j", "open", "ai", "call", "stream", "a", "b", "utf", "8", "it's");
    }

    @Test
    void readsOtherScripts() {
        assertThat(Words.of("Größe über ναός, привет 你好"))
                .containsExactly("grösse", "über", "ναόσ", "привет", "你", "好");
    }

    @Test
    void findsNoWordsInATextWithoutLetters() {
        assertThat(Words.of("")).isEmpty();
        assertThat(Words.of(" ?! -- ... 🙂")).isEmpty();
    }

    @Test
    void leavesOnlyTheStemsOfTheWordsThatCarryContent() {
        assertThat(Words.content("Which layers does the stack run?")).containsExactly("layer", "stack", "run");
        assertThat(Words.content("What is it, and who are they?")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"the", "doesn't", "yourselves", "very"})
    void knowsTheStopWords(String word) {
        assertThat(Words.isStopWord(word)).isTrue();
    }

    /** The examples of Porter's paper for each step, and pairs of its vocabulary file. */
    @ParameterizedTest
    @CsvSource({
        "caresses, caress",
        "ponies, poni",
        "ties, ti",
        "caress, caress",
        "cats, cat",
        "feed, feed",
        "agreed, agre",
        "plastered, plaster",
        "bled, bled",
        "motoring, motor",
        "sing, sing",
        "conflated, conflat",
        "troubled, troubl",
        "sized, size",
        "hopping, hop",
        "tanned, tan",
        "falling, fall",
        "hissing, hiss",
        "fizzed, fizz",
        "failing, fail",
        "filing, file",
        "happy, happi",
        "sky, sky",
        "relational, relat",
        "conditional, condit",
        "rational, ration",
        "valenci, valenc",
        "digitizer, digit",
        "conformabli, conform",
        "radicalli, radic",
        "vietnamization, vietnam",
        "predication, predic",
        "operator, oper",
        "feudalism, feudal",
        "decisiveness, decis",
        "hopefulness, hope",
        "formaliti, formal",
        "sensitiviti, sensit",
        "sensibiliti, sensibl",
        "archaeology, archaeolog",
        "triplicate, triplic",
        "formative, form",
        "formalize, formal",
        "electrical, electr",
        "goodness, good",
        "revival, reviv",
        "allowance, allow",
        "inference, infer",
        "airliner, airlin",
        "adjustable, adjust",
        "irritant, irrit",
        "replacement, replac",
        "adjustment, adjust",
        "dependent, depend",
        "adoption, adopt",
        "communism, commun",
        "activate, activ",
        "homologous, homolog",
        "effective, effect",
        "bowdlerize, bowdler",
        "probate, probat",
        "rate, rate",
        "cease, ceas",
        "controll, control",
        "roll, roll",
        "cancelled, cancel",
        "caching, cach",
        "cache, cach",
        "generalizations, gener",
        "oscillators, oscil"
    })
    void takesTheEndingsOffAsPorterDoes(String word, String stem) {
        assertThat(Words.stem(word)).isEqualTo(stem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "is", "langchain4j", "doesn't", "größe", "3.50"})
    void leavesWordsAloneThatAreTooShortOrNotPlainEnglish(String word) {
        assertThat(Words.stem(word)).isEqualTo(word);
    }
}
