package io.github.flywheel4j.evals.browser;

import java.util.Arrays;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.WebElement;

/** How well a text stands out from what is behind it, as WCAG 2.2 defines it. */
final class Contrast {

    /** The colour of the nearest element that has one behind its text. */
    private static final String BEHIND = """
            for (let each = arguments[0]; each; each = each.parentElement) {
              const colour = getComputedStyle(each).backgroundColor;
              if (colour !== 'rgba(0, 0, 0, 0)') return colour;
            }
            return 'rgb(255, 255, 255)';
            """;

    private Contrast() {}

    /** From 1, none, to 21, black on white. */
    static double of(JavascriptExecutor browser, WebElement element) {
        double text = luminance(element.getCssValue("color"));
        double behind = luminance(String.valueOf(browser.executeScript(BEHIND, element)));
        return (Math.max(text, behind) + 0.05) / (Math.min(text, behind) + 0.05);
    }

    /** The relative luminance of {@code rgb(r, g, b)} or {@code rgba(r, g, b, 1)}, from 0 to 1. */
    static double luminance(String colour) {
        double[] linear = Arrays.stream(colour.replaceAll("[^0-9,.]", "").split(","))
                .mapToDouble(each -> Double.parseDouble(each) / 255)
                .map(each -> each <= 0.04045 ? each / 12.92 : Math.pow((each + 0.055) / 1.055, 2.4))
                .toArray();
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    }
}
