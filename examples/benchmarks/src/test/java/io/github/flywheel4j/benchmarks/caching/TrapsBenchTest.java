package io.github.flywheel4j.benchmarks.caching;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TrapsBenchTest {

    private final ByteArrayOutputStream table = new ByteArrayOutputStream();

    @Test
    void stopsTheTrapsAndServesTheParaphrases() throws Exception {
        JsonNode figures = new ObjectMapper()
                .readTree(new TrapsBench()
                        .run(new PrintStream(table, true, StandardCharsets.UTF_8))
                        .toJson());

        assertThat(figures.path("pairs").intValue()).isGreaterThanOrEqualTo(300);
        assertThat(figures.path("held_back_pairs").intValue()).isGreaterThan(100);
        assertThat(figures.path("false_hits").doubleValue() / figures.path("pairs").intValue()).isLessThan(0.05);
        assertThat(figures.path("true_vetoed_rate").doubleValue()).isLessThanOrEqualTo(0.1);
        assertThat(figures.path("by_class").textValue()).contains("negation");
        assertThat(table.toString(StandardCharsets.UTF_8)).contains("held back while tuning");
    }
}
