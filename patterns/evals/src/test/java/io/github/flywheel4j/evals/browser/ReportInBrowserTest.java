package io.github.flywheel4j.evals.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.flywheel4j.evals.Candidate;
import io.github.flywheel4j.evals.Dataset;
import io.github.flywheel4j.evals.EvalCase;
import io.github.flywheel4j.evals.EvalReport;
import io.github.flywheel4j.evals.EvalRun;
import io.github.flywheel4j.evals.EvalRunner;
import io.github.flywheel4j.evals.Scorers;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

/** The HTML report as a reader meets it. After each test: nothing went wrong in the console, nothing left the machine. */
@Tag("browser")
class ReportInBrowserTest {

    /** Where the pictures go; the guide's is a copy of one. */
    private static final Path PICTURES = Path.of("target", "report-pictures");

    private static final int DESKTOP = 1200;
    private static final int HEIGHT = 900;
    private static final int COSTS_HEIGHT = 760;

    /** WCAG 2.2, 1.4.3: the least contrast of a text and what is behind it. */
    private static final double READABLE = 4.5;

    /** Cases are filled a moment after they were opened. */
    private static final String OPEN_ALL = """
            const cases = [...document.querySelectorAll('#cases details')];
            cases.forEach(each => { each.open = true; });
            const done = () => cases.every(each => each.children.length > 1) ? arguments[0]() : setTimeout(done, 10);
            done();
            """;

    @TempDir
    static Path folder;

    private static ChromeDriver browser;
    private static Path compared;
    private static Path alone;

    @BeforeAll
    static void writeAndStart() throws IOException {
        SampleRuns runs = new SampleRuns();
        compared = folder.resolve("compared.html");
        alone = folder.resolve("alone.html");
        runs.compared().saveHtml(compared);
        runs.alone().saveHtml(alone);
        browser = Browser.start(Files.createDirectory(folder.resolve("profile")));
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.quit();
        }
    }

    @AfterEach
    void nothingWentWrongAndNothingLeftTheMachine() throws IOException {
        List<String> requested = new ArrayList<>();
        for (LogEntry entry : browser.manage().logs().get(LogType.PERFORMANCE)) {
            JsonNode message =
                    JsonMapper.builder().build().readTree(entry.getMessage()).get("message");
            if (message.get("method").asText().equals("Network.requestWillBeSent")) {
                requested.add(message.at("/params/request/url").asText());
            }
        }
        assertThat(requested).as("requests").isNotEmpty().allMatch(url -> url.matches("(?s)(file|data|about):.*"));
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
                .as("console")
                .isEmpty();
    }

    @Test
    void showsTheVerdictAndWhatItRestsOn() {
        open(compared);

        assertThat(browser.getTitle()).isEqualTo("BETTER: prompt v8 on shop assistant");
        assertThat(text("#verdict strong")).isEqualTo("BETTER");
        assertThat(text("#verdict")).contains("same-as-reference +0.", "Worst slice: warranty");
        assertThat(text("#gate strong")).startsWith("Gate: ");
        assertThat(text("ul.warnings")).contains("errors are no answers");
        assertThat(texts("#metrics tbody th"))
                .extracting(each -> each.lines().findFirst().orElse(""))
                .containsExactly("same-as-reference", "matches", "refusal", "token-f1", "latency");
        assertThat(texts("#slices tbody th button"))
                .containsExactlyInAnyOrder(
                        "delivery", "language:de", "often asked", "refunds", "unanswerable", "warranty");
        assertThat(texts("#slices tr.worst th button")).containsExactly("warranty");
        assertThat(text("#failures")).contains("same-as-reference: not same-as-reference");
        assertThat(text("#judges")).contains("120", "corrected rate", "disagreements with people");
        assertThat(text("#costs")).containsPattern("cost of judges and failed calls 0\\.\\d+ USD 0\\.\\d+ USD");
        assertThat(text("#costs")).contains("cost (USD)", "errors of the candidate", "tokens in");
        assertThat(text("#count")).isEqualTo("78 of 78");
    }

    @Test
    void drawsEachIntervalWithinItsPlotAndNamesItsFigures() {
        open(compared);

        List<WebElement> plots = all("svg");
        // Two of each metric, one of each slice.
        assertThat(plots).hasSize(2 * 5 + 6);
        for (WebElement plot : plots) {
            assertThat(plot.getAriaRole()).isIn("image", "img");
            assertThat(plot.getAccessibleName())
                    .matches("[a-z0-9-]+( in [a-z: ]+)?: (baseline|difference) .*\\(.* to .*\\).*");
            assertThat(plot.getRect().getWidth()).isGreaterThan(120);
            for (WebElement mark : plot.findElements(By.cssSelector("line.range, circle"))) {
                assertThat(mark.getRect().getX())
                        .isGreaterThanOrEqualTo(plot.getRect().getX());
                assertThat(mark.getRect().getX() + mark.getRect().getWidth())
                        .isLessThanOrEqualTo(
                                plot.getRect().getX() + plot.getRect().getWidth());
            }
        }
        // Not "displayed", as which a driver does not count a line without a height.
        assertThat(all("svg line.range"))
                .hasSize(3 * 5 + 6)
                .allMatch(each -> each.getRect().getWidth() > 1)
                .noneMatch(each -> each.getCssValue("stroke").equals("none"));
    }

    @Test
    void showsTheSlicesOfAnotherMetric() {
        open(compared);
        String before = text("#slices tbody");

        choose("#metric", "latency");

        assertThat(text("#slices tbody")).isNotEqualTo(before);
        choose("#metric", "all metrics");
        assertThat(all("#slices tbody tr")).hasSize(6 * 5);
    }

    @Test
    void filtersTheCases() {
        open(compared);
        List<String> everything = texts(".case .id");

        choose("#kind", "newly failing");
        List<String> lost = texts("#cases .id");
        assertThat(lost).isNotEmpty().hasSizeLessThan(everything.size());
        assertThat(texts("#cases .state")).containsOnly("passed → failed");
        assertThat(text(".chips .lost strong")).isEqualTo(String.valueOf(lost.size()));
        assertThat(text("#count")).isEqualTo(lost.size() + " of 78");

        choose("#slice", "warranty");
        assertThat(texts("#cases .id")).isNotEmpty().allMatch(lost::contains).hasSizeLessThan(lost.size());
        assertThat(all("#cases details")).allMatch(each -> each.getText().contains("warranty"));

        choose("#kind", "errors");
        assertThat(texts("#cases .state")).allMatch(each -> each.endsWith("error"));

        one("button[type=reset]").click();
        browser.executeAsyncScript("setTimeout(arguments[0], 50)");
        assertThat(text("#count")).isEqualTo("78 of 78");
    }

    @Test
    void searchesQuestionsAnswersAndIds() {
        open(compared);

        one("#search").sendKeys("Waffle IRON");
        assertThat(texts("#cases .ask")).hasSizeBetween(5, 20).allMatch(each -> each.contains("waffle iron"));

        search("answered 503");
        assertThat(texts("#cases .state")).isNotEmpty().allMatch(each -> each.contains("error"));

        search(SampleRuns.LONG_ID);
        assertThat(texts("#cases .id")).containsExactly(SampleRuns.LONG_ID);

        search("no case says this");
        assertThat(text("#cases")).isEqualTo("No case is like that.");
        assertThat(text("#count")).isEqualTo("0 of 78");
    }

    @Test
    void keepsTheFilterInItsAddress() {
        open(compared);
        one(".chips .won").click();
        String won = text("#cases");
        String address = browser.getCurrentUrl();
        assertThat(address).endsWith("#kind=won");

        browser.get("about:blank");
        browser.get(address);

        assertThat(text("#cases")).isEqualTo(won);
        one("#slices tr.worst button").click();
        assertThat(browser.getCurrentUrl()).endsWith("#slice=warranty");
        assertThat(all("#cases details")).allMatch(each -> each.getText().contains("warranty"));
    }

    @Test
    void putsTheAnswersSideBySideWithWhatChanged() {
        open(compared);
        choose("#kind", "newly passing");
        choose("#slice", "refunds");

        one("#cases summary").click();

        List<WebElement> answers = all("#cases details[open] .side > section");
        assertThat(answers).hasSize(2);
        assertThat(answers.get(0).getLocation().getY())
                .isEqualTo(answers.get(1).getLocation().getY());
        assertThat(answers.get(0).getText()).contains("Baseline", "same-as-reference", "failed: not same-as-reference");
        assertThat(answers.get(1).getText()).contains("Candidate, with what changed", "passed", "VERDICT: YES");
        assertThat(texts("#cases details[open] del")).isNotEmpty();
        assertThat(texts("#cases details[open] ins")).isNotEmpty();
        assertThat(text("#cases details[open]")).contains("Asked", "Expected", "30 days");
    }

    @Test
    void noTextBecomesPartOfThePage() {
        open(compared);
        one("#search").sendKeys(SampleRuns.HOSTILE_ID);

        one("#cases summary").click();

        assertThat(texts("#cases details[open] .text"))
                .anyMatch(each -> each.contains("<script>document.title='owned'</script>"))
                .anyMatch(each -> each.contains("@data@ & &lt;b&gt; ${1} \\u003c"));
        assertThat(all("script")).hasSize(2);
        assertThat(all("img, iframe, object, body b")).isEmpty();
        assertThat(browser.getTitle()).doesNotContain(SampleRuns.OWNED);
    }

    @Test
    void showsOddCharacters() {
        open(compared);

        search("👩‍👩‍👧");
        assertThat(texts("#cases .id")).containsExactly("odd-1 <b>&amp;\"quoted\"</b>");
        one("#cases summary").click();
        assertThat(text("#cases details[open] .text")).contains("متى يصل", "送料はいくらですか。", "e\u0301");

        search("The parcel is late \uFFFD");
        assertThat(texts("#cases .id")).containsExactly("odd-2");
    }

    @ParameterizedTest
    @CsvSource({"light, 0.7, 1", "dark, 0, 0.2"})
    void isReadableInLightAndDark(String scheme, double darkest, double brightest) {
        Browser.show(browser, scheme, DESKTOP, HEIGHT, false);
        browser.get("about:blank");
        browser.get(compared.toUri().toString());
        choose("#kind", "newly passing");
        choose("#slice", "refunds");
        one("#cases summary").click();

        assertThat(Contrast.luminance(one("body").getCssValue("background-color")))
                .isBetween(darkest, brightest);
        for (String each : List.of(
                "h1",
                "#verdict strong",
                "#verdict span",
                "#gate strong",
                "#metrics td .INCONCLUSIVE",
                "#metrics .small",
                "thead th",
                "tr.worst td .small",
                "ul.warnings li",
                ".chips button",
                ".chips .lost strong",
                "#search",
                "#cases .state",
                "#cases .tag",
                "#cases details[open] dt",
                "#cases details[open] ins",
                "#cases details[open] del",
                "footer")) {
            assertThat(Contrast.of(browser, one(each)))
                    .as(each + " in " + scheme)
                    .isGreaterThanOrEqualTo(READABLE);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {320, 390, 768})
    void nothingIsWiderThanAPhone(int width) {
        for (Path page : List.of(compared, alone)) {
            Browser.show(browser, "light", width, HEIGHT, true);
            browser.get(page.toUri().toString());
            browser.executeAsyncScript(OPEN_ALL);

            assertThat(all("#cases .side")).hasSize(78);
            assertThat(browser.executeScript("return document.documentElement.scrollWidth"))
                    .isEqualTo((long) width);
            assertThat(all("#search, #kind, #slice, #more, svg").stream().filter(WebElement::isDisplayed))
                    .isNotEmpty()
                    .allMatch(each -> each.getRect().getX() >= 0
                            && each.getRect().getX() + each.getRect().getWidth() <= width);
        }
    }

    @Test
    void canBeUsedWithTheKeyboardAlone() {
        open(compared);

        press(Keys.TAB);
        assertThat(focused().getText()).isEqualTo("Skip to the cases");
        press(Keys.ENTER);
        press(Keys.TAB);
        assertThat(focused().getDomAttribute("id")).isEqualTo("search");
        assertThat(focused().getCssValue("outline-style")).isEqualTo("solid");
        press("warranty-");
        press(Keys.TAB);
        assertThat(focused().getDomAttribute("id")).isEqualTo("kind");
        press("newly f");
        assertThat(texts("#cases .state")).isNotEmpty().containsOnly("passed → failed");
        press(Keys.TAB, Keys.TAB, Keys.TAB);
        assertThat(focused().getTagName()).isEqualTo("summary");
        press(Keys.ENTER);
        assertThat(all("#cases details[open] .side")).hasSize(1);
        press(Keys.ENTER);
        assertThat(all("#cases details[open]")).isEmpty();
    }

    @Test
    void everyControlAndRegionHasAName() {
        for (Path page : List.of(compared, alone)) {
            open(page);
            assertThat(all(
                                    "button, input, select, summary, svg, form, a, section:not(:empty), [role=region], [role=group]")
                            .stream()
                            .filter(WebElement::isDisplayed)
                            .map(each -> each.getTagName() + " '" + each.getAccessibleName() + "'"))
                    .hasSizeGreaterThan(90)
                    .noneMatch(each -> each.endsWith(" ''"));
            assertThat(one("html").getDomAttribute("lang")).isEqualTo("en");
        }
    }

    @Test
    void showsOneRunAlone() {
        open(alone);

        assertThat(text("#verdict strong")).isEqualTo("No verdict");
        assertThat(texts("#kind option")).contains("failed", "passed").doesNotContain("newly failing");
        assertThat(texts("#slices tr.worst")).isNotEmpty();
        one(".chips .failed").click();
        one("#cases summary").click();
        assertThat(all("#cases details[open] .side > section")).hasSize(1);
        assertThat(text("#cases details[open] .side")).startsWith("Candidate");
    }

    @Test
    void whatOneScorerFailedIsFailedWhateverAnotherCouldNotSay() {
        Dataset dataset = Dataset.of("one", List.of(EvalCase.of("a", "a question", "right")));
        EvalRun run = EvalRunner.create()
                .run(
                        dataset,
                        Candidate.of("wrong", each -> "wrong"),
                        List.of(Scorers.exact(), Scorers.groundedness())); // the case has no context
        Path page = folder.resolve("one.html");
        EvalReport.of(dataset, run).saveHtml(page);

        open(page);

        assertThat(text("#cases .state")).isEqualTo("failed");
        assertThat(text("#cases summary")).contains("✗ exact", "! groundedness");
    }

    @Test
    void takesThePicturesOfTheGuide() throws IOException {
        Files.createDirectories(PICTURES);
        for (String scheme : List.of("light", "dark")) {
            Browser.show(browser, scheme, DESKTOP, HEIGHT, false);
            browser.get(compared.toUri().toString());
            int end = one("#slices").getRect().getY() + one("#slices").getRect().getHeight();
            picture(scheme, DESKTOP, end + 24, false);
            one("#cases summary").click();
            browser.executeScript("document.getElementById('cases-title').scrollIntoView()");
            picture(scheme + "-cases", DESKTOP, HEIGHT, false);
            picture(scheme + "-phone", 390, 3000, true);
            Browser.show(browser, scheme, DESKTOP, HEIGHT, false);
            browser.executeScript("document.getElementById('failures-title').scrollIntoView()");
            picture(scheme + "-costs", DESKTOP, COSTS_HEIGHT, false);
        }
        assertThat(Files.size(PICTURES.resolve("light.png"))).isBetween(20_000L, 200_000L);
    }

    private static void picture(String name, int width, int height, boolean phone) throws IOException {
        Browser.show(browser, name.startsWith("dark") ? "dark" : "light", width, height, phone);
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(browser.getScreenshotAs(OutputType.BYTES)));
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                picture.setRGB(x, y, coarser(picture.getRGB(x, y)));
            }
        }
        ImageIO.write(picture, "png", PICTURES.resolve(name + ".png").toFile());
    }

    /** With 32 shades of each colour a picture is half as large, and looks the same. */
    private static int coarser(int colour) {
        int coarse = 0;
        for (int shift = 0; shift < 24; shift += 8) {
            long shade = Math.round((colour >> shift & 0xFF) * 31 / 255.0);
            coarse |= (int) Math.round(shade * 255 / 31.0) << shift;
        }
        return coarse;
    }

    private static void open(Path page) {
        Browser.show(browser, "light", DESKTOP, HEIGHT, false);
        // A page that differs in its fragment alone is not loaded again.
        browser.get("about:blank");
        browser.get(page.toUri().toString());
    }

    private static void search(String words) {
        one("#search").clear();
        // Beyond the driver's keys are emoji.
        browser.executeScript(
                "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', {bubbles: true}))",
                one("#search"),
                words);
    }

    private static void choose(String select, String option) {
        one(select).findElements(By.tagName("option")).stream()
                .filter(each -> each.getText().equals(option))
                .findFirst()
                .orElseThrow()
                .click();
    }

    private static void press(CharSequence... keys) {
        new Actions(browser).sendKeys(keys).perform();
    }

    private static WebElement focused() {
        return browser.switchTo().activeElement();
    }

    private static WebElement one(String selector) {
        return browser.findElement(By.cssSelector(selector));
    }

    private static List<WebElement> all(String selector) {
        return browser.findElements(By.cssSelector(selector));
    }

    private static String text(String selector) {
        return one(selector).getText();
    }

    private static List<String> texts(String selector) {
        return all(selector).stream().map(WebElement::getText).toList();
    }
}
