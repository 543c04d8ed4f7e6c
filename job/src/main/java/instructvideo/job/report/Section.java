package instructvideo.job.report;

/**
 * A part of the page.
 *
 * @param id for links to it: letters and hyphens, another one for each section of a page
 * @param title of its heading, plain text
 * @param html what stands below the heading; its own headings begin at h3
 */
public record Section(String id, String title, String html) {

  public Section {
    if (!id.matches("[a-z][a-z-]*")) {
      throw new IllegalArgumentException("Invalid id of a section: " + id);
    }
  }
}
