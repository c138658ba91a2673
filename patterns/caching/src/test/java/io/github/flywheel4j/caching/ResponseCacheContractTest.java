package io.github.flywheel4j.caching;

import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.testkit.ChatLayerContract;
import java.time.Duration;
import org.junit.jupiter.api.Nested;

/** A cache that has nothing to serve is a layer like any other, however it is set. */
class ResponseCacheContractTest {

    @Nested
    class OfEachUser extends ChatLayerContract {

        @Override
        protected ChatLayer layer() {
            return Caches.of(Scope.user()).build();
        }
    }

    @Nested
    class OfATenant extends ChatLayerContract {

        @Override
        protected ChatLayer layer() {
            return Caches.of(Scope.tenant())
                    .staleWhileRevalidate(Duration.ofMinutes(5))
                    .staleIfError(Duration.ofHours(5))
                    .refreshAhead(0.2)
                    .normaliseUnicode()
                    .normaliseWhitespace()
                    .build();
        }
    }

    @Nested
    class WithASharedTier extends ChatLayerContract {

        @Override
        protected ChatLayer layer() {
            return Caches.of(Scope.shared("a test")).shared(new MapTier()).build();
        }
    }

    @Nested
    class WithASharedTierThatIsGone extends ChatLayerContract {

        @Override
        protected ChatLayer layer() {
            MapTier tier = new MapTier();
            tier.fail();
            return Caches.of(Scope.shared("a test")).shared(tier).build();
        }
    }

    @Nested
    class WithASemanticTier extends ChatLayerContract {

        @Override
        protected ChatLayer layer() {
            return Caches.shared().semantic(learning().build()).build();
        }
    }

    @Nested
    class WithASemanticTierInAStore extends ChatLayerContract {

        @Override
        protected ChatLayer layer() {
            return Caches.shared()
                    .semantic(learning().store(new SwitchedStore()).build())
                    .build();
        }
    }

    @Nested
    class WithASemanticTierInAStoreThatIsGone extends ChatLayerContract {

        @Override
        protected ChatLayer layer() {
            SwitchedStore store = new SwitchedStore();
            store.isDown = true;
            return Caches.shared().semantic(learning().store(store).build()).build();
        }
    }

    /** A tier that has judged nothing yet, and so looks up and serves nothing. */
    private static SemanticTier.Builder learning() {
        return SemanticTier.builder(new WordBag(), "word bag").tolerance(0.02);
    }

    /** Every call is let pass. */
    @Nested
    class ThatMayCacheNothing extends ChatLayerContract {

        @Override
        protected ChatLayer layer() {
            return ResponseCache.builder(Scope.user())
                    .temperature(TemperaturePolicy.atMost(0))
                    .build();
        }
    }
}
