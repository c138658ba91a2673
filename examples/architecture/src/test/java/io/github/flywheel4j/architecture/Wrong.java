package io.github.flywheel4j.architecture;

import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.logging.Logger;

/** One class for each rule that it breaks, and its neighbours that break none. */
final class Wrong {
    private Wrong() {}

    static final class TextUtils {}

    static final class StackManager {}

    static final class LayerImpl {}

    static final class Implementation {}

    static final class Internals {
        Object internal = dev.langchain4j.internal.Utils.randomUUID();
    }

    public static class Open {}

    public abstract static class OpenOnPurpose {}

    static final class Locked {
        synchronized void touch() {}
    }

    static final class Sleeping {
        void rest() throws InterruptedException {
            Thread.sleep(1);
        }
    }

    static final class Dated {
        LongSupplier time = System::currentTimeMillis;
    }

    static final class Now {
        Instant now = Instant.now();
    }

    static final class NowByAClock {
        Instant now(Clock clock) {
            return Instant.now(clock);
        }
    }

    static final class Dice {
        Random random = new Random();
    }

    static final class SharedDice {
        int next() {
            return ThreadLocalRandom.current().nextInt();
        }
    }

    static final class SeededDice {
        Random random = new Random(17);
    }

    static final class Printing {
        void print() {
            System.out.println("text");
        }
    }

    static final class OtherLog {
        Logger logger = Logger.getLogger("name");
    }
}
