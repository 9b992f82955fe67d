package dev.berth.config.load;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/// Reads one YAML 1.1 document into a [Node] tree, with bounds on everything a document can make
/// grow. Aliases and merge keys are written out.
final class YamlReader {
  /// Largest file, in characters. The largest real one we have seen has a few thousand.
  static final int MAX_CHARACTERS = 1 << 20;

  /// References to lists and maps in one file.
  private static final int MAX_ALIASES = 50;

  /// Values once aliases are written out, so that a small file cannot become a large tree.
  private static final int MAX_NODES = 50_000;

  private static final int MAX_DEPTH = 40;

  private final Function<Mark, Origin> origins;
  private int nodes;

  private YamlReader(Function<Mark, Origin> origins) {
    this.origins = origins;
  }

  /// Reads the text of a file. A file without a document gives an empty map.
  ///
  /// @throws ConfigException it is no YAML, too large, or holds a key twice
  static Node readFile(String name, String text) {
    YamlReader reader = new YamlReader(mark -> new Origin.Line(name, mark.getLine() + 1));
    return reader.read(text, new Origin.Line(name, 1), "");
  }

  /// Reads the value of a variable, as YAML as well.
  ///
  /// @param key what the variable sets, for messages
  /// @throws ConfigException it is no YAML; the value is not shown, it may be a secret
  static Node readVariable(String variable, String key, String value) {
    Origin origin = new Origin.Variable(variable);
    return new YamlReader(_ -> origin).read(value, origin, key);
  }

  private Node read(String text, Origin start, String key) {
    org.yaml.snakeyaml.nodes.Node document;
    try {
      document = new Yaml(options()).compose(new StringReader(text));
    } catch (MarkedYAMLException e) {
      throw new ConfigException(where(e, start), key, "not YAML: " + reason(e));
    } catch (YAMLException e) {
      throw new ConfigException(start, key, "not YAML: " + reason(e));
    }
    return document == null ? new Node.Scalar(start, "", true) : convert(document, 0);
  }

  private static LoaderOptions options() {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MAX_CHARACTERS);
    options.setMaxAliasesForCollections(MAX_ALIASES);
    options.setNestingDepthLimit(MAX_DEPTH);
    return options;
  }

  private Origin where(MarkedYAMLException e, Origin start) {
    return e.getProblemMark() == null ? start : origins.apply(e.getProblemMark());
  }

  private static String reason(YAMLException e) {
    String problem = e instanceof MarkedYAMLException marked ? marked.getProblem() : e.getMessage();
    // The rest of such a line may be a password that begins with a star or an exclamation mark.
    if (problem != null && problem.startsWith("found undefined alias")) {
      return "a value that begins with * or & stands for another one in YAML; put it in quotes";
    }
    if (problem != null && problem.contains("tag is not allowed")) {
      return "a value that begins with ! stands for a kind of value in YAML; put it in quotes";
    }
    return problem == null
        ? "cannot be read"
        : problem + "; mend the line or put the value in quotes";
  }

  private Node convert(org.yaml.snakeyaml.nodes.Node node, int depth) {
    Origin origin = origins.apply(node.getStartMark());
    nodes++;
    if (nodes > MAX_NODES || depth > MAX_DEPTH) {
      throw new ConfigException(origin, "", "too many values in one file; take out aliases");
    }
    return switch (node) {
      case ScalarNode s -> scalar(origin, s);
      case SequenceNode s -> {
        List<Node> items = new ArrayList<>();
        for (org.yaml.snakeyaml.nodes.Node item : s.getValue()) {
          items.add(convert(item, depth + 1));
        }
        yield new Node.Sequence(origin, items);
      }
      case MappingNode m -> mapping(origin, m, depth);
      default -> throw new ConfigException(origin, "", "not a value; write a text, list or map");
    };
  }

  private static Node.Scalar scalar(Origin origin, ScalarNode node) {
    boolean plain = node.getScalarStyle() == ScalarStyle.PLAIN;
    return new Node.Scalar(origin, node.getValue(), plain);
  }

  private Node.Mapping mapping(Origin origin, MappingNode node, int depth) {
    Node.Mapping result = new Node.Mapping(origin);
    List<Node.Mapping> merged = new ArrayList<>();
    for (NodeTuple tuple : node.getValue()) {
      Origin where = origins.apply(tuple.getKeyNode().getStartMark());
      if (!(tuple.getKeyNode() instanceof ScalarNode keyNode)) {
        throw new ConfigException(where, "", "a key must be a text");
      }
      Node value = convert(tuple.getValueNode(), depth + 1);
      String key = keyNode.getValue();
      if (Tag.MERGE.equals(keyNode.getTag())) {
        addMerged(merged, value);
      } else if (result.find(key) != null) {
        throw new ConfigException(where, key, "stands here a second time" + first(result, key));
      } else {
        result.put(where, key, value);
      }
    }
    merged.forEach(m -> m.entries().forEach(result.entries()::putIfAbsent));
    return result;
  }

  private static String first(Node.Mapping mapping, String key) {
    Node.@Nullable Entry entry = mapping.entries().get(key);
    return entry == null ? "" : " (first in " + entry.key() + "); take one out";
  }

  private static void addMerged(List<Node.Mapping> merged, Node value) {
    switch (value) {
      case Node.Mapping m -> merged.add(m);
      case Node.Sequence s -> s.items().forEach(item -> addMerged(merged, item));
      case Node.Scalar s -> throw new ConfigException(s.origin(), "<<", "can only merge maps");
    }
  }
}
