package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flywheel4j.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HitVerifierTest {

    private static final List<String> QUESTIONS = List.of(
            "How do I cancel order 4711 in the shop?",
            "Is the pool open on Sundays?",
            "Can 12 people travel from Rome to Paris with one ticket?",
            "Why was my payment of $250 to the landlord declined?",
            "Does the free plan include 20 GB of storage?",
            "The parcel has arrived at the office",
            "What does a licence for 3 machines cost in Norway?");

    private static final int TIMES = 500;

    private final HitVerifier verifier = HitVerifier.english();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            NUMBER         | Can I bring 2 guests?                      | Can I bring 3 guests?
            AMOUNT         | Is a transfer of $100 free?                | Is a transfer of $900 free?
            UNIT           | May the bag weigh 8 kg?                    | May the bag weigh 18 kg?
            DATE           | Are you open on 3 March 2024?              | Are you open on 2024-03-04?
            VERSION        | What is new in 2.4.0?                      | What is new in 2.4.1?
            ID             | Where is order AB-1432?                    | Where is order AB-1423?
            NAME           | Do I need a visa for Kenya?                | Do I need a visa for Ghana?
            QUOTE          | How do I say "good morning" in Thai?       | How do I say "good evening" in Thai?
            RARE_TOKEN     | How do I wash a leather jacket?            | How do I wash a velvet jacket?
            NEGATION       | Which foods should I eat with gout?        | Which foods should I not eat with gout?
            ANTONYM        | How do I enable the alarm?                 | How do I disable the alarm?
            COMPARISON     | Which plan is cheaper?                     | Which plan is more expensive?
            QUANTIFIER     | Do I need at least two witnesses?          | Do I need at most two witnesses?
            ARGUMENT_ORDER | How do I convert PDF to Word?              | How do I convert Word to PDF?
            ARGUMENT_ORDER | If a cook pays a waiter, who is in debt?   | If a waiter pays a cook, who is in debt?
            ARGUMENT_ORDER | Is the flat of Mary, where Anna lives, hot? | Is the flat of Anna, where Mary lives, hot?
            QUESTION_TYPE  | When was the firm founded?                 | Where was the firm founded?
            """)
    void vetoesWithItsReason(Veto.Reason reason, String asked, String before) {
        assertThat(verifier.verify(asked, before)).contains(new Veto(reason));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            How do I reset my password?                    | How can I recover my password?
            How do I cancel my order?                      | How can I call off my order?
            Isn't the shop open today?                     | Is the shop open today?
            Is it not legal to park here?                  | Is it illegal to park here?
            How long is a run of 5 km?                     | How long is a run of 5000 m?
            What is the difference between tea and coffee? | What is the difference between coffee and tea?
            Is Oslo colder than Rome?                      | Is it colder in Oslo than in Rome?
            What is the way to enable alerts?              | How do I turn on alerts?
            Can twelve people come?                        | Can 12 people come?
            Which is best: Oslo, Rome, Kyiv or Bern?       | Which is best: Kyiv, Rome, Bern or Oslo?
            Which is best : Oslo , Rome , Kyiv or Bern ?   | Which is best : Kyiv , Rome , Bern or Oslo ?
            """)
    void letsAParaphrasePass(String asked, String before) {
        assertThat(verifier.verify(asked, before)).isEmpty();
    }

    @Test
    void isSymmetric() {
        Seeds seeds = Seeds.named("verifier-symmetric");
        for (int i = 0; i < TIMES; i++) {
            String one = seeds.chance(0.5) ? seeds.pick(QUESTIONS) : seeds.text(20);
            String other =
                    seeds.chance(0.3) ? one + " not" : seeds.chance(0.5) ? seeds.pick(QUESTIONS) : seeds.text(20);
            assertThat(verifier.verify(one, other)).isEqualTo(verifier.verify(other, one));
        }
    }

    @Test
    void neverVetoesATextInOtherCaseSpacingOrEnd() {
        Seeds seeds = Seeds.named("verifier-same");
        for (int i = 0; i < TIMES; i++) {
            String text = seeds.chance(0.5) ? seeds.pick(QUESTIONS) : seeds.text(20);
            assertThat(verifier.verify(text, text)).isEmpty();
            assertThat(verifier.verify(text, "  " + text.replace(" ", "  \n"))).isEmpty();
            String plain = seeds.pick(QUESTIONS);
            assertThat(verifier.verify(plain, plain.toUpperCase(Locale.ROOT))).isEmpty();
            assertThat(verifier.verify(plain, plain.replace("?", "") + seeds.pick(List.of("", ".", "!", " ?!", "..."))))
                    .isEmpty();
        }
    }

    @Test
    void vetoesEachOtherNumber() {
        Seeds seeds = Seeds.named("verifier-number");
        for (int i = 0; i < TIMES; i++) {
            int number = seeds.between(2, 100_000);
            int other = number + seeds.between(1, 1000);
            String frame = seeds.pick(List.of(
                    "Can I bring %s guests?",
                    "Is %s too much for a plumber", "Do I pay tax on %s dollars?", "May a boat be %s m long?"));
            assertThat(verifier.verify(
                            String.format(Locale.ROOT, frame, number), String.format(Locale.ROOT, frame, other)))
                    .isPresent();
        }
    }

    @Test
    void vetoesAnInsertedNegation() {
        for (String text : List.of(
                "Which foods should I eat?",
                "Why does the app start?",
                "People who are insured",
                "The card has arrived",
                "Can a tenant refuse to pay")) {
            List<String> words = new ArrayList<>(List.of(text.split(" ", 0)));
            int verb = Math.min(words.size() - 1, 3);
            words.add(verb, "not");
            assertThat(verifier.verify(text, String.join(" ", words)))
                    .as(text)
                    .contains(new Veto(Veto.Reason.NEGATION));
        }
    }

    @Test
    void asksTheNextOnlyAfterItsOwnYes() {
        Veto custom = new Veto(Veto.Reason.CUSTOM);
        HitVerifier both = verifier.and((asked, before) -> Optional.of(custom));

        assertThat(both.verify("Can I bring 2 guests?", "Can I bring 3 guests?"))
                .contains(new Veto(Veto.Reason.NUMBER));
        assertThat(both.verify("Can I bring 2 guests?", "Can I bring two guests?"))
                .contains(custom);
    }
}
