package io.github.flywheel4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextFactsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a team of 25 members                  | NUMBER  | 25
            a team of twenty-five members         | NUMBER  | 25
            two hundred and five thousand rows    | NUMBER  | 205000
            1,048,576 rows                        | NUMBER  | 1048576
            10 000 rows                           | NUMBER  | 10000
            the 2nd step                          | NUMBER  | 2 th
            the third step                        | NUMBER  | 3 th
            25 percent off                        | NUMBER  | 25 %
            half of it                            | NUMBER  | 50 %
            three quarters of it                  | NUMBER  | 75 %
            $1,500 at once                        | AMOUNT  | 1500 USD
            1500 dollars at once                  | AMOUNT  | 1500 USD
            five thousand euros                   | AMOUNT  | 5000 EUR
            £40k a year                           | AMOUNT  | 40000 GBP
            2.5 million dollars                   | AMOUNT  | 2500000 USD
            $2.5bn in all                         | AMOUNT  | 2500000000 USD
            45 EUR                                | AMOUNT  | 45 EUR
            EUR 45                                | AMOUNT  | 45 EUR
            1 km of road                          | MEASURE | 1000 m
            1000 m of road                        | MEASURE | 1000 m
            30ms of delay                         | MEASURE | 0.03 s
            two weeks of notice                   | MEASURE | 1209600 s
            220 degrees Celsius                   | MEASURE | 220 celsius
            220 °C                                | MEASURE | 220 celsius
            3 March 2024                          | DATE    | 2024-03-03
            2024-03-03                            | DATE    | 2024-03-03
            March 3rd                             | DATE    | --03-03
            the 1st of May 2025                   | DATE    | 2025-05-01
            next Monday                           | DATE    | next monday
            in the 1990s                          | DATE    | 1990s
            at 3 pm                               | TIME    | 15:00
            at 12:30 am                           | TIME    | 00:30
            v2.4.0 is out                         | VERSION | 2.4.0
            version 2 is out                      | VERSION | 2
            ticket ABC-1432                       | ID      | abc-1432
            ticket ABC-1432's state               | ID      | abc-1432
            flight LH454                          | ID      | lh454
            write to ann@example.org              | ID      | ann@example.org
            see https://example.org/docs          | ID      | https://example.org/docs
            order 10023841                        | ID      | 10023841
            I met Angela Merkel there             | NAME    | angela merkel
            the HR partner                        | NAME    | hr
            say "good morning" to all             | QUOTE   | good morning
            """)
    void readsAFact(String text, Fact.Kind kind, String value) {
        assertThat(TextFacts.of(text).facts(kind)).extracting(Fact::value).contains(value);
    }

    @Test
    void tellsWhereAFactStands() {
        String text = "Pay $1,500 by 3 March 2024, please";
        for (Fact fact : TextFacts.of(text).facts()) {
            assertThat(text.substring(fact.start(), fact.end())).isIn("$1,500", "3 March 2024");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            How do I open it?                 | WAY
            What is the best way to open it?  | WAY
            How does it work?                 | MANNER
            Why is it closed?                 | WHY
            What is the reason it is closed?  | WHY
            At what time does it leave?       | WHEN
            Where is it?                      | WHERE
            Who runs it?                      | WHO
            How much does it cost?            | HOW_MUCH
            What is the price of it?          | HOW_MUCH
            How many are there?               | HOW_MANY
            How long does it take?            | HOW_LONG
            Is it open?                       | WHETHER
            Should I buy it?                  | ADVICE
            Is it a good idea to buy it?      | ADVICE
            """)
    void knowsTheKindOfAQuestion(String text, Question question) {
        assertThat(TextFacts.of(text).questions()).containsExactly(question);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            I did not get it      | 1
            I never get it        | 1
            I can't go without it | 2
            Isn't it open?        | 0
            Don't you ship it?    | 0
            Don't ship it         | 1
            Is it open or not?    | 0
            """)
    void countsDenials(String text, int denials) {
        assertThat(TextFacts.of(text).denials()).isEqualTo(denials);
    }

    @Test
    void showsNoTextOfItsOwn() {
        TextFacts facts = TextFacts.of("Where is order 10023841 of Ann?");
        assertThat(facts.toString() + facts.facts())
                .doesNotContainIgnoringCase("ann")
                .doesNotContain("10023841");
    }

    @Test
    void readsAnythingWithoutFailing() {
        for (String text : List.of(
                "",
                " ",
                "?",
                "'",
                "$",
                "1/0",
                "%",
                "9".repeat(500),
                "-",
                "a-",
                "’s",
                "𝟛 😀",
                "1,,2",
                "@",
                "://",
                "\"",
                "half",
                "version",
                "may 99",
                "31 of")) {
            assertThat(TextFacts.of(text).difference(TextFacts.of("one"))).isNotNull();
        }
    }
}
