package instructvideo.job.claim;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A method of S3A that some versions of Hadoop have and others have not, or with other parameters:
 * this is compiled with 3.3.4, and runs with what the cluster has.
 */
record S3aMethod(Method method) {

  /** A parameter of a PUT since Hadoop 3.3.5; null stands for no options. */
  private static final String OPTIONS = "org.apache.hadoop.fs.s3a.impl.PutObjectOptions";

  private static final Logger LOG = LoggerFactory.getLogger(S3aMethod.class);

  /**
   * Looks for one.
   *
   * @param parameters without the options of a PUT
   */
  static Optional<S3aMethod> find(Class<?> owner, String name, Class<?>... parameters) {
    try {
      return Arrays.stream(owner.getMethods())
          .filter(method -> method.getName().equals(name))
          .filter(method -> withoutOptions(method).equals(List.of(parameters)))
          .map(S3aMethod::new)
          .findFirst();
    } catch (LinkageError e) {
      LOG.debug("Cannot look into {}", owner, e);
      return Optional.empty();
    }
  }

  private static List<Class<?>> withoutOptions(Method method) {
    List<Class<?>> parameters = new ArrayList<>(List.of(method.getParameterTypes()));
    parameters.removeIf(S3aMethod::isOptions);
    return parameters;
  }

  private static boolean isOptions(Class<?> parameter) {
    return parameter.getName().equals(OPTIONS);
  }

  /**
   * Calls it.
   *
   * @param arguments without the options of a PUT
   */
  Object call(Object target, Object... arguments) throws IOException {
    Iterator<Object> given = List.of(arguments).iterator();
    List<Object> all = new ArrayList<>();
    for (Class<?> parameter : method.getParameterTypes()) {
      all.add(isOptions(parameter) ? null : given.next());
    }

    try {
      return method.invoke(target, all.toArray());
    } catch (InvocationTargetException e) {
      throw new IOException("Cannot ask S3A: " + e.getCause().getMessage(), e.getCause());
    } catch (IllegalAccessException e) {
      throw new IOException("Cannot ask S3A: " + e.getMessage(), e);
    }
  }
}
