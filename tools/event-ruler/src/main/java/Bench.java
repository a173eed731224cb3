import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import software.amazon.event.ruler.Machine;

/**
 * event-ruler's side of scripts/bench.ts. Arguments: a file of events, one a line; true for the finder of structured
 * matching. Answers each line on standard input with one line:
 *
 * <pre>
 * load FILE  (rules, one object of patterns by name) -> matches in one pass, digest of the names
 * run PASSES -> CPU time of the process in nanoseconds, matches
 * </pre>
 */
public final class Bench {
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private Bench() {}

  public static void main(final String[] args) throws Exception {
    final List<String> events = Files.readAllLines(Paths.get(args[0]), StandardCharsets.UTF_8);
    final boolean structured = Boolean.parseBoolean(args[1]);
    final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Machine machine = null;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      final String operand = line.substring(line.indexOf(' ') + 1);
      if (line.startsWith("load ")) {
        machine = machine(new File(operand), structured);
        System.out.println(verdicts(machine, events));
      } else {
        final int passes = Integer.parseInt(operand);
        final long start = PROCESS.getProcessCpuTime();
        final long matches = run(machine, events, passes);
        System.out.println((PROCESS.getProcessCpuTime() - start) + " " + matches);
      }
    }
  }

  private static String verdicts(final Machine machine, final List<String> events) throws Exception {
    final MessageDigest digest = MessageDigest.getInstance("SHA-1");
    long matches = 0;
    for (final String event : events) {
      final List<String> names = machine.rulesForJSONEvent(event);
      matches += names.size();
      digest.update((String.join(",", new TreeSet<>(names)) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return matches + " " + String.format("%040x", new BigInteger(1, digest.digest()));
  }

  private static long run(final Machine machine, final List<String> events, final int passes) throws Exception {
    long matches = 0;
    for (int pass = 0; pass < passes; pass++) {
      for (final String event : events) {
        matches += machine.rulesForJSONEvent(event).size();
      }
    }
    return matches;
  }

  private static Machine machine(final File rules, final boolean structured) throws IOException {
    final Machine machine = Machine.builder().withStructuredMatching(structured).build();
    for (final Map.Entry<String, JsonNode> entry : new ObjectMapper().readTree(rules).properties()) {
      machine.addRule(entry.getKey(), entry.getValue().toString());
    }
    return machine;
  }
}
