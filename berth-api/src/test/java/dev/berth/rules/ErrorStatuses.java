package dev.berth.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.Source;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.ConstantInstruction;
import java.util.Set;
import java.util.stream.Stream;

/// HTTP's error statuses stand in few places, so that one table decides what a failure answers.
/// Reads the numbers that the compiled code pushes: ArchUnit itself does not see constants.
public final class ErrorStatuses {
  // The statuses that IANA has assigned, as ranges; wider ones would catch buffer sizes such as
  // 512.
  private static final int FIRST_CLIENT_ERROR = 400;
  private static final int LAST_CLIENT_ERROR = 431;
  private static final int FIRST_SERVER_ERROR = 500;
  private static final int LAST_SERVER_ERROR = 511;

  private ErrorStatuses() {}

  /// The rule itself.
  ///
  /// @param allowed full names of the classes that may hold such a number, nested ones with them
  public static ArchRule onlyIn(Set<String> allowed) {
    Set<String> holders = Set.copyOf(allowed);
    return classes()
        .should(
            new Offences(
                "hold no error status",
                item -> holders.contains(outermost(item)) ? Stream.empty() : found(item)))
        .as("statuses from 400 on stand only in " + allowed);
  }

  private static Stream<String> found(JavaClass item) {
    return item.getSource().stream()
        .flatMap(ErrorStatuses::statuses)
        .map(method -> item.getName() + "." + method + " holds an error status");
  }

  private static String outermost(JavaClass type) {
    return type.getEnclosingClass().map(ErrorStatuses::outermost).orElseGet(type::getName);
  }

  private static Stream<String> statuses(Source source) {
    try (InputStream in = source.getUri().toURL().openStream()) {
      return ClassFile.of().parse(in.readAllBytes()).methods().stream()
          .flatMap(ErrorStatuses::holders)
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + source.getUri(), e);
    }
  }

  private static Stream<String> holders(MethodModel method) {
    return method.code().stream()
        .flatMap(code -> code.elementStream())
        .filter(ErrorStatuses::isErrorStatus)
        .map(_ -> method.methodName().stringValue());
  }

  private static boolean isErrorStatus(CodeElement element) {
    return element instanceof ConstantInstruction constant
        && constant.constantValue() instanceof Integer value
        && ((value >= FIRST_CLIENT_ERROR && value <= LAST_CLIENT_ERROR)
            || (value >= FIRST_SERVER_ERROR && value <= LAST_SERVER_ERROR));
  }
}
