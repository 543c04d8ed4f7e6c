package instructvideo.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.StreamSupport;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** The shaded jar tells what is in it: a bill of materials, and a licence for each part. */
class JarContentsIT {

  private static final String BILL = "META-INF/sbom/bom.json";
  private static final String THIRD_PARTY = "META-INF/THIRD-PARTY.txt";

  /** Files of the jar that are this project's, or merged of all. */
  private static final List<String> OWN = List.of("instructvideo/", "reference.conf", "META-INF/");

  /** A line of the list. */
  private record Part(List<String> licences, List<String> places) {}

  @Test
  void materialsAndLicences() throws IOException {
    try (JarFile jar = new JarFile(Cli.ROOT.resolve("job/target/instructvideo.jar").toFile())) {
      assumeTrue(
          jar.getEntry(BILL) != null,
          "the jar has no bill of materials: its plugin does nothing in an offline build");
      Map<String, Part> parts = parts(jar);
      assertThat(parts.keySet()).isEqualTo(materials(jar));

      for (Part part : parts.values()) {
        assertThat(part.licences()).allMatch(name -> jar.getEntry(text(name)) != null);
        assertThat(part.places())
            .allMatch(place -> jar.stream().anyMatch(entry -> entry.getName().startsWith(place)));
      }

      List<String> places =
          parts.values().stream().flatMap(part -> part.places().stream()).toList();
      List<String> unknown =
          jar.stream()
              .filter(entry -> !entry.isDirectory())
              .map(ZipEntry::getName)
              .filter(name -> places.stream().noneMatch(name::startsWith))
              .filter(name -> name.startsWith("instructvideo/shaded/") || !isOwn(name))
              .toList();
      assertThat(unknown).isEmpty();
      assertThat(read(jar, "META-INF/NOTICE"))
          .contains("Apache Commons Compress", "Apache HttpClient");
    }
  }

  private static boolean isOwn(String name) {
    return OWN.stream().anyMatch(name::startsWith);
  }

  private static String text(String licence) {
    return "META-INF/licenses/" + licence + ".txt";
  }

  /** What the bill of materials names, but for this project; each has a version and a licence. */
  private static Set<String> materials(JarFile jar) throws IOException {
    JsonObject bill = JsonParser.parseString(read(jar, BILL)).getAsJsonObject();
    Set<String> names = new TreeSet<>();
    for (JsonElement element : bill.getAsJsonArray("components")) {
      JsonObject component = element.getAsJsonObject();
      String group = component.get("group").getAsString();
      if (!group.equals("instructvideo")) {
        String name = group + ":" + component.get("name").getAsString();
        assertThat(component.get("version").getAsString()).isNotEmpty();
        assertThat(StreamSupport.stream(component.getAsJsonArray("licenses").spliterator(), false))
            .as(name)
            .isNotEmpty();
        names.add(name);
      }
    }

    return names;
  }

  private static Map<String, Part> parts(JarFile jar) throws IOException {
    Map<String, Part> parts = new TreeMap<>();
    for (String line : read(jar, THIRD_PARTY).lines().toList()) {
      if (!line.isEmpty() && !line.startsWith("#")) {
        String[] columns = line.split(" \\| ", -1);
        parts.put(columns[0], new Part(words(columns[1]), words(columns[2])));
      }
    }

    return parts;
  }

  private static List<String> words(String column) {
    return List.of(column.strip().split(" ", -1));
  }

  private static String read(JarFile jar, String name) throws IOException {
    return new String(
        jar.getInputStream(jar.getEntry(name)).readAllBytes(), StandardCharsets.UTF_8);
  }
}
