package io.github.flywheel4j.examples.quickstart;

import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;

/** Turns a web page into Markdown: headings, paragraphs, list items and code; nothing that a reader does not see. */
final class Html {

    private Html() {}

    static String toMarkdown(String html) {
        Document page = Jsoup.parse(html);
        page.select("script, style, noscript, template, nav, footer, form, svg, head, [hidden], [aria-hidden=true]")
                .remove();
        page.select("[style~=(?i)display\\s*:\\s*none|visibility\\s*:\\s*hidden|font-size\\s*:\\s*0]")
                .remove();
        Writer writer = new Writer();
        page.body().traverse(writer);
        return writer.markdown.toString();
    }

    private static final class Writer implements NodeVisitor {

        private final StringBuilder markdown = new StringBuilder();
        private boolean inCode;

        @Override
        public void head(Node node, int depth) {
            if (node instanceof TextNode text) {
                // Signs that begin a heading, a list or a fence in Markdown mean nothing in a page's text.
                markdown.append(inCode ? text.getWholeText() : text.text().replace("```", "'''"));
            } else if (node instanceof Element element) {
                String name = element.normalName();
                if (name.matches("h[1-6]")) {
                    markdown.append("\n\n")
                            .append("#".repeat(name.charAt(1) - '0'))
                            .append(' ');
                } else if (name.equals("pre")) {
                    markdown.append("\n\n```\n");
                    inCode = true;
                } else if (name.equals("li")) {
                    markdown.append("\n- ");
                } else if (name.equals("td") || name.equals("th")) {
                    markdown.append(element.elementSiblingIndex() > 0 ? "; " : "");
                } else if (name.equals("br") || element.isBlock()) {
                    markdown.append(name.equals("br") ? "\n" : "\n\n");
                }
            }
        }

        @Override
        public void tail(Node node, int depth) {
            if (node instanceof Element element) {
                if (element.normalName().equals("pre")) {
                    markdown.append("\n```\n");
                    inCode = false;
                } else if (element.isBlock()) {
                    markdown.append("\n\n");
                }
            }
        }
    }
}
