package instructvideo.job;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileUtil;

/** A real Chromium without a window, spoken to by the DevTools protocol. */
final class Browser implements AutoCloseable {

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

  private static final Pattern LISTENING = Pattern.compile("DevTools listening on (ws://\\S+)");
  private static final int TIMEOUT_S = 30;
  private static final int HEIGHT = 900;

  private final Process process;
  private final Path profile;
  private final WebSocket socket;
  private final AtomicInteger numbers = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonObject>> answers = new ConcurrentHashMap<>();
  private final List<JsonObject> events = new CopyOnWriteArrayList<>();

  private Browser(Process process, Path profile) throws Exception {
    this.process = process;
    this.profile = profile;
    CompletableFuture<String> address = new CompletableFuture<>();
    Thread reader = new Thread(() -> read(address));
    reader.setDaemon(true);
    reader.start();
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create(address.get(TIMEOUT_S, TimeUnit.SECONDS)), new Listener())
            .get(TIMEOUT_S, TimeUnit.SECONDS);
  }

  /** What a page did while it was loaded, and what a script in it returned. */
  record Visit(List<String> errors, List<String> requests, List<String> problems) {}

  /** The program, by CHROME_BIN or on the PATH. */
  static Optional<String> find() {
    String given = System.getenv("CHROME_BIN");
    if (given != null) {
      return Optional.of(given);
    }

    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }

  static Browser start(String program) throws Exception {
    Path profile = Files.createTempDirectory("chromium");
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"));
    command.addAll(List.of("--no-first-run", "--disable-background-networking"));
    command.addAll(List.of("--disable-component-update", "--disable-sync"));
    command.addAll(List.of("--disable-dev-shm-usage", "--user-data-dir=" + profile));
    command.addAll(List.of("--remote-debugging-port=0", "about:blank"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    try {
      return new Browser(process, profile);
    } catch (Exception e) {
      end(process, profile);
      throw e;
    }
  }

  private void read(CompletableFuture<String> address) {
    try (BufferedReader lines = process.errorReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher matcher = LISTENING.matcher(line);
        if (matcher.find()) {
          address.complete(matcher.group(1));
        }
      }

      address.completeExceptionally(new IOException("Chromium has ended"));
    } catch (IOException e) {
      address.completeExceptionally(e);
    }
  }

  /**
   * Opens a page.
   *
   * @param width of the window, CSS pixels
   * @param scheme light or dark
   * @param script its value is a promise of a list of texts
   */
  Visit visit(Path page, int width, String scheme, String script) throws Exception {
    events.clear();
    String target = text(call("", "Target.createTarget", "url", "about:blank"), "targetId");
    JsonObject attach = new JsonObject();
    attach.addProperty("targetId", target);
    attach.addProperty("flatten", true);
    String session = text(call("", "Target.attachToTarget", attach), "sessionId");
    for (String domain : List.of("Runtime", "Log", "Network", "Page")) {
      call(session, domain + ".enable", new JsonObject());
    }

    call(session, "Emulation.setDeviceMetricsOverride", window(width));
    call(session, "Emulation.setEmulatedMedia", media(scheme));
    call(session, "Page.navigate", "url", page.toUri().toString());
    await(session, "Page.loadEventFired");
    JsonObject evaluate = new JsonObject();
    evaluate.addProperty("expression", script);
    evaluate.addProperty("awaitPromise", true);
    evaluate.addProperty("returnByValue", true);
    JsonObject answer = call(session, "Runtime.evaluate", evaluate);
    List<String> problems = new ArrayList<>();
    if (answer.has("exceptionDetails")) {
      throw new IllegalStateException(answer.toString());
    }

    for (JsonElement one : answer.getAsJsonObject("result").getAsJsonArray("value")) {
      problems.add(one.getAsString());
    }

    Visit visit = new Visit(errors(session), requests(session, page), problems);
    call("", "Target.closeTarget", "targetId", target);
    return visit;
  }

  private static JsonObject window(int width) {
    JsonObject window = new JsonObject();
    window.addProperty("width", width);
    window.addProperty("height", HEIGHT);
    window.addProperty("deviceScaleFactor", 1);
    window.addProperty("mobile", width < 700);
    return window;
  }

  private static JsonObject media(String scheme) {
    JsonObject feature = new JsonObject();
    feature.addProperty("name", "prefers-color-scheme");
    feature.addProperty("value", scheme);
    JsonArray features = new JsonArray();
    features.add(feature);
    JsonObject media = new JsonObject();
    media.add("features", features);
    return media;
  }

  /** Exceptions, errors of the console, refusals of the page's policy. */
  private List<String> errors(String session) {
    List<String> errors = new ArrayList<>();
    errors.addAll(texts(session, "Runtime.exceptionThrown"));
    Stream.of("Runtime.consoleAPICalled", "Log.entryAdded")
        .flatMap(method -> texts(session, method).stream())
        .filter(text -> text.contains("\"error\"") || text.contains("\"warning\""))
        .forEach(errors::add);
    return errors;
  }

  /** Addresses that were asked for, without the page's own and what is inside it. */
  private List<String> requests(String session, Path page) {
    return events(session, "Network.requestWillBeSent").stream()
        .map(parameters -> text(parameters.getAsJsonObject("request"), "url"))
        .filter(url -> !url.equals(page.toUri().toString()) && !url.startsWith("data:"))
        .toList();
  }

  private List<String> texts(String session, String method) {
    return events(session, method).stream().map(JsonObject::toString).toList();
  }

  private List<JsonObject> events(String session, String method) {
    return events.stream()
        .filter(event -> text(event, "method").equals(method))
        .filter(event -> text(event, "sessionId").equals(session))
        .map(event -> event.getAsJsonObject("params"))
        .toList();
  }

  private void await(String session, String method) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_S);
    while (events(session, method).isEmpty()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("Chromium sends no " + method);
      }

      Thread.sleep(5);
    }
  }

  private JsonObject call(String session, String method, String name, String value)
      throws Exception {
    JsonObject parameters = new JsonObject();
    parameters.addProperty(name, value);
    return call(session, method, parameters);
  }

  private JsonObject call(String session, String method, JsonObject parameters) throws Exception {
    int number = numbers.incrementAndGet();
    JsonObject message = new JsonObject();
    message.addProperty("id", number);
    message.addProperty("method", method);
    message.add("params", parameters);
    if (!session.isEmpty()) {
      message.addProperty("sessionId", session);
    }

    CompletableFuture<JsonObject> answer = new CompletableFuture<>();
    answers.put(number, answer);
    socket.sendText(message.toString(), true).get(TIMEOUT_S, TimeUnit.SECONDS);
    JsonObject received = answer.get(TIMEOUT_S, TimeUnit.SECONDS);
    if (received.has("error")) {
      throw new IllegalStateException(method + ": " + received.get("error"));
    }

    return received.getAsJsonObject("result");
  }

  private static String text(JsonObject object, String name) {
    return object.has(name) ? object.get(name).getAsString() : "";
  }

  @Override
  public void close() {
    socket.abort();
    end(process, profile);
  }

  private static void end(Process process, Path profile) {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    process.onExit().orTimeout(TIMEOUT_S, TimeUnit.SECONDS).join();
    FileUtil.fullyDelete(profile.toFile());
  }

  private final class Listener implements WebSocket.Listener {

    private final StringBuilder parts = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      parts.append(data);
      if (last) {
        JsonObject message = JsonParser.parseString(parts.toString()).getAsJsonObject();
        parts.setLength(0);
        if (message.has("id")) {
          answers.remove(message.get("id").getAsInt()).complete(message);
        } else {
          events.add(message);
        }
      }

      from.request(1);
      return null;
    }
  }
}
