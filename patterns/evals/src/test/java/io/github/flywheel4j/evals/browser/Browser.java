package io.github.flywheel4j.evals.browser;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A Chromium without a window and without a past, that writes down what it fetches and what goes wrong. */
final class Browser {

    private static final List<String> BROWSERS = List.of("chromium", "chromium-browser", "google-chrome", "chrome");

    private Browser() {}

    /**
     * Starts one.
     *
     * @param profile an empty folder
     * @throws AssertionError if no browser is installed: whoever asks for these tests wants them to run
     */
    static ChromeDriver start(Path profile) {
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(installed(BROWSERS));
        // No sandbox: it does not start as root, as which builds in containers run. The pages are our own.
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                "--hide-scrollbars",
                "--lang=en",
                "--user-data-dir=" + profile);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(installed(List.of("chromedriver")))
                .build();
        ChromeDriver browser = new ChromeDriver(service, options);
        // What a click brings about may take a moment.
        browser.manage().timeouts().implicitlyWait(Duration.ofSeconds(2));
        // Its own first page is none of ours.
        browser.get("about:blank");
        browser.manage().logs().get(LogType.PERFORMANCE);
        browser.manage().logs().get(LogType.BROWSER);
        return browser;
    }

    /** What the page is shown with: {@code light} or {@code dark}, and how wide, in CSS pixels. */
    static void show(ChromeDriver browser, String scheme, int width, int height, boolean phone) {
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", phone));
    }

    private static File installed(List<String> names) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(folder -> names.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(
                        () -> new AssertionError(
                                "no " + names.get(0) + " on the PATH (expected: Chromium and its driver,"
                                        + " which the profile \"browser\" asked for; on Debian: apt-get install chromium chromium-driver)"))
                .toFile();
    }
}
