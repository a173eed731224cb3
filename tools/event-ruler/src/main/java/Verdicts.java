import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import software.amazon.event.ruler.JsonRuleCompiler;
import software.amazon.event.ruler.Machine;
import software.amazon.event.ruler.MachineComplexityEvaluator;
import software.amazon.event.ruler.Patterns;

/**
 * Says for each line on standard input what event-ruler thinks of it, in the same order, one line each:
 *
 * <pre>
 * {"pattern": "TEXT", "event": "TEXT"} -> {"pattern": "valid", "event": "match", "complexity": 0}
 * {"rules": {"NAME": "TEXT"}, "event": "TEXT"} -> {"rules": ["NAME"]} or {"event": "invalid"}
 * {"number": "TEXT"} -> {"comparable": true}
 * </pre>
 */
public final class Verdicts {
  /** Requests may hold texts longer than what event-ruler reads. */
  private static final ObjectMapper MAPPER =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
              .build());
  private static final JsonFactory JSON = new JsonFactory();
  private static final int MAX_COMPLEXITY = 100;

  private Verdicts() {}

  public static void main(final String[] args) throws IOException {
    final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8), 1 << 16);
    final BufferedWriter out = new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), 1 << 16);
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      out.write(MAPPER.writeValueAsString(answer(MAPPER.readTree(line))));
      out.write('\n');
      // Whoever waits for an answer has sent all that it wants answered.
      if (!in.ready()) {
        out.flush();
      }
    }
    out.flush();
  }

  private static ObjectNode answer(final JsonNode request) {
    if (request.has("rules")) {
      return ruleSet(request.get("rules"), request.get("event").textValue());
    }
    if (request.has("number")) {
      return MAPPER.createObjectNode().put("comparable", comparable(request.get("number").textValue()));
    }
    return pair(request.get("pattern").textValue(), request.has("event") ? request.get("event").textValue() : null);
  }

  private static ObjectNode pair(final String pattern, final String event) {
    final ObjectNode answer = MAPPER.createObjectNode();
    final Machine structured = Machine.builder().withStructuredMatching(true).build();
    final Machine stepwise = Machine.builder().withStructuredMatching(false).build();
    if (oddlySpelled(pattern) || event != null && oddlySpelled(event)) {
      answer.put("oddNumber", true);
    }
    try {
      add(structured, "rule", pattern);
      add(stepwise, "rule", pattern);
    } catch (final Refused e) {
      return answer.put("pattern", "invalid").put("patternError", e.getMessage());
    }
    answer.put("pattern", "valid");
    if (event != null) {
      final String verdict = verdict(structured, event);
      answer.put("event", verdict);
      final String other = verdict(stepwise, event);
      if (!verdict.equals(other)) {
        answer.put("disagree", true).put("stepwise", other);
      }
    }
    return answer.put("complexity", structured.evaluateComplexity(new MachineComplexityEvaluator(MAX_COMPLEXITY)));
  }

  private static ObjectNode ruleSet(final JsonNode rules, final String event) {
    final ObjectNode answer = MAPPER.createObjectNode();
    final Machine structured = Machine.builder().withStructuredMatching(true).build();
    final Machine stepwise = Machine.builder().withStructuredMatching(false).build();
    if (oddlySpelled(event)) {
      answer.put("oddNumber", true);
    }
    final Iterator<Map.Entry<String, JsonNode>> fields = rules.fields();
    while (fields.hasNext()) {
      final Map.Entry<String, JsonNode> rule = fields.next();
      if (oddlySpelled(rule.getValue().textValue())) {
        answer.put("oddNumber", true);
      }
      try {
        add(structured, rule.getKey(), rule.getValue().textValue());
        add(stepwise, rule.getKey(), rule.getValue().textValue());
      } catch (final Refused e) {
        return answer.put("pattern", "invalid").put("patternError", rule.getKey() + ": " + e.getMessage());
      }
    }
    final TreeSet<String> matched;
    try {
      matched = new TreeSet<>(structured.rulesForJSONEvent(event));
    } catch (final Exception | StackOverflowError e) {
      return answer.put("event", "invalid");
    }
    final ArrayNode names = answer.putArray("rules");
    matched.forEach(names::add);
    try {
      if (!matched.equals(new TreeSet<>(stepwise.rulesForJSONEvent(event)))) {
        answer.put("disagree", true);
      }
    } catch (final Exception | StackOverflowError e) {
      answer.put("disagree", true);
    }
    return answer;
  }

  /** Not Machine.addRule of the text: what the compiler refuses, that gives to an older compiler. */
  private static void add(final Machine machine, final String name, final String pattern) throws Refused {
    final List<Map<String, List<Patterns>>> compiled;
    try {
      compiled = JsonRuleCompiler.compile(pattern);
    } catch (final Exception | StackOverflowError e) {
      throw new Refused("compile: " + firstLine(e));
    }
    try {
      compiled.forEach(rule -> machine.addPatternRule(name, rule));
    } catch (final Exception | StackOverflowError e) {
      throw new Refused("add: " + firstLine(e));
    }
  }

  private static String verdict(final Machine machine, final String event) {
    try {
      return machine.rulesForJSONEvent(event).isEmpty() ? "nomatch" : "match";
    } catch (final Exception | StackOverflowError e) {
      return "invalid";
    }
  }

  /** What event-ruler's ComparableNumber, which is not public, asks of a number. */
  private static boolean comparable(final String text) {
    final BigDecimal decimal = new BigDecimal(text);
    final double number = decimal.doubleValue();
    return !Double.isInfinite(number) && BigDecimal.valueOf(number).compareTo(decimal) == 0;
  }

  /**
   * Before JDK 19 Double.toString of some numbers is not their shortest text: of 2E23 it is 1.9999999999999998E23.
   * Whether a number is comparable hangs on it. True if the text holds such a number.
   */
  private static boolean oddlySpelled(final String text) {
    if (Runtime.version().feature() >= 19) {
      return false;
    }
    try (JsonParser parser = JSON.createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isNumeric() && oddlySpelled(new BigDecimal(parser.getText()))) {
          return true;
        }
      }
    } catch (final Exception e) {
      // Text that is cut or no number of Java's.
      return false;
    }
    return false;
  }

  private static boolean oddlySpelled(final BigDecimal decimal) {
    // Far beyond what a double holds; to find that out takes long.
    if (Math.abs((long) decimal.precision() - decimal.scale()) > 400) {
      return false;
    }
    final double number = decimal.doubleValue();
    if (Double.isInfinite(number) || number == 0) {
      return false;
    }
    final BigDecimal exact = new BigDecimal(number);
    // Two digits are the least that it prints.
    for (int digits = 2; digits <= 17; digits++) {
      final BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (rounded.doubleValue() == number) {
        return rounded.compareTo(BigDecimal.valueOf(number)) != 0;
      }
    }
    return false;
  }

  private static String firstLine(final Throwable e) {
    return (e.getClass().getSimpleName() + ": " + e.getMessage()).split("\n", 2)[0];
  }

  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(final String message) {
      super(message, null, false, false);
    }
  }
}
