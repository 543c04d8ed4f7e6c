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

public final class Fixtures {
  private static final Map<String, Path> EXTRACTED = new ConcurrentHashMap<>();

  private Fixtures() {}

  public static Path path(String var0) {
    try {
      URI var1 = Fixtures.class.getResource("/fixtures/" + var0).toURI();
      return var1.getScheme().equals("jar")
          ? EXTRACTED.computeIfAbsent(var0, var1x -> extract(var1, var1x))
          : Path.of(var1);
    } catch (URISyntaxException var2) {
      throw new IllegalArgumentException(var0, var2);
    }
  }

  private static Path extract(URI var0, String var1) {
    try {
      try (FileSystem var2 = FileSystems.newFileSystem(var0, Map.of())) {
        Path var3 = var2.getPath("/fixtures", var1);
        Path var4 = Files.createTempDirectory("fixtures");
        var4.toFile().deleteOnExit();

        List var5;
        try (Stream var6 = Files.walk(var3)) {
          var5 = var6.toList();
        }

        for (Path var7 : var5) {
          Path var8 = var4.resolve(var3.getParent().relativize(var7).toString());
          Files.copy(var7, var8);
          var8.toFile().deleteOnExit();
        }

        return var4.resolve(var3.getFileName().toString());
      }

    } catch (IOException var13) {
      throw new UncheckedIOException("Cannot extract the fixture " + var1, var13);
    }
  }
}
