package instructvideo.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Files of src/test/resources/fixtures, as the tests of both modules see them. */
public final class Fixtures {

  private static final Map<String, Path> EXTRACTED = new ConcurrentHashMap<>();

  private Fixtures() {}

  /** The path of a file or folder below fixtures; out of the test jar it is copied first. */
  public static Path path(String name) {
    try {
      URI uri = Fixtures.class.getResource("/fixtures/" + name).toURI();
      return uri.getScheme().equals("jar")
          ? EXTRACTED.computeIfAbsent(name, key -> extract(uri, key))
          : Path.of(uri);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(name, e);
    }
  }

  private static Path extract(URI uri, String name) {
    try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
      Path root = jar.getPath("/fixtures", name);
      Path folder = Files.createTempDirectory("fixtures");
      folder.toFile().deleteOnExit();
      List<Path> files;
      try (Stream<Path> tree = Files.walk(root)) {
        files = tree.toList();
      }

      for (Path file : files) {
        Path copy = folder.resolve(root.getParent().relativize(file).toString());
        Files.copy(file, copy);
        copy.toFile().deleteOnExit();
      }

      return folder.resolve(root.getFileName().toString());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot extract the fixture " + name, e);
    }
  }
}
