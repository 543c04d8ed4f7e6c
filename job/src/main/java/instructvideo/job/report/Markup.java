package instructvideo.job.report;

import instructvideo.job.html.Html;
import java.util.List;

/** The page's building blocks. */
final class Markup {

  private Markup() {}

  /** Text from outside: never markup, without credentials. */
  static String text(String text) {
    return Html.escape(text);
  }

  static String paragraph(String text) {
    return "<p>" + text(text) + "</p>\n";
  }

  static String soft(String text) {
    return "<p class=\"soft\">" + text(text) + "</p>\n";
  }

  /** A box that scrolls by itself where the page is narrow; keys reach it, too. */
  static String scrolling(String label, String html) {
    return "<div class=\"card scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s\">%s</div>%n"
        .formatted(text(label), html);
  }

  /** What is opened by a click. */
  static String details(String summary, String html) {
    return "<details><summary>%s</summary>%n%s</details>%n".formatted(text(summary), html);
  }

  /**
   * A table of figures.
   *
   * @param rows the first cell of each is its heading
   */
  static String table(String label, List<String> head, List<List<String>> rows) {
    StringBuilder html = new StringBuilder("<table><thead><tr>");
    head.forEach(cell -> html.append("<th scope=\"col\">").append(text(cell)).append("</th>"));
    html.append("</tr></thead><tbody>\n");
    for (List<String> row : rows) {
      html.append("<tr><th scope=\"row\">").append(text(row.get(0))).append("</th>");
      row.subList(1, row.size())
          .forEach(cell -> html.append("<td>").append(text(cell)).append("</td>"));
      html.append("</tr>\n");
    }

    return scrolling(label, html.append("</tbody></table>").toString());
  }

  /** A figure with its name above. */
  static String tile(String name, String value, String note) {
    return "<div><dt>%s</dt><dd>%s</dd><dd class=\"soft\">%s</dd></div>%n"
        .formatted(text(name), text(value), text(note));
  }
}
