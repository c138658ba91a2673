package io.github.flywheel4j.benchmarks;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The program behind {@code examples/benchmarks/bench}. */
public final class BenchMain {

    private static final int RAN = 0;
    private static final int BROKE = 1;
    private static final int BAD_INPUT = 2;

    private BenchMain() {}

    /** Runs the bench that the arguments name and ends the JVM with its status. */
    public static void main(String[] args) {
        PrintStream out = System.out;
        // What libraries print must neither stand between the figures nor follow them.
        System.setOut(System.err);
        int status = run(List.of(args), Benches.all(), out, System.err);
        out.flush();
        System.exit(status);
    }

    /**
     * Runs the bench that the arguments name.
     *
     * @return 0 when it ran, 1 when it broke, 2 when the arguments or the input are of no use
     */
    static int run(List<String> args, List<Bench> benches, PrintStream out, PrintStream err) {
        Map<String, CommandLine> commands = new LinkedHashMap<>();
        for (Bench bench : benches) {
            CommandLine command = new CommandLine(bench).setUsageHelpAutoWidth(true);
            commands.put(command.getCommandName(), command);
        }
        try {
            return run(args, commands, out);
        } catch (BadInput | ParameterException e) {
            err.println(oneLine("bench: " + e.getMessage()));
            return BAD_INPUT;
        } catch (Exception | LinkageError e) {
            err.println("bench: the bench itself broke; the stack trace says where");
            e.printStackTrace(err);
            return BROKE;
        }
    }

    private static int run(List<String> args, Map<String, CommandLine> commands, PrintStream out) throws Exception {
        String name = args.isEmpty() ? "" : args.get(0);
        if (name.equals("list") || name.equals("--help") || name.equals("-h")) {
            if (args.size() > 1) {
                throw new BadInput(name + " takes no options, got '" + args.get(1) + "'");
            }
            list(commands, out);
            return RAN;
        }
        CommandLine command = commands.get(name);
        if (command == null) {
            throw new BadInput((name.isEmpty() ? "no bench named" : "unknown bench '" + name + "'")
                    + " (expected: bench NAME [--option value]..., with NAME one of "
                    + String.join(", ", commands.keySet()) + "; 'bench list' says what they measure)");
        }
        String[] options = args.subList(1, args.size()).toArray(String[]::new);
        if (Arrays.asList(options).contains("--help")) {
            command.usage(out);
            return RAN;
        }
        command.parseArgs(options);
        Bench bench = command.getCommand();
        Figures figures = bench.run(out);
        out.println(figures.toJson());
        return RAN;
    }

    private static void list(Map<String, CommandLine> commands, PrintStream out) {
        int width = commands.keySet().stream().mapToInt(String::length).max().orElse(0);
        commands.forEach((name, command) -> {
            String sentence = Arrays.stream(
                            command.getCommandSpec().usageMessage().description())
                    .collect(Collectors.joining(" "));
            out.println(name + " ".repeat(width - name.length() + 2) + sentence);
        });
    }

    /** The arguments of a user may hold line breaks, and a reason must stay one line. */
    private static String oneLine(String message) {
        return message.replaceAll("\\s*\\R\\s*", " ").strip();
    }
}
