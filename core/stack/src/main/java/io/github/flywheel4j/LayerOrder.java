package io.github.flywheel4j;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts layers in order by stage; layers of one place stay as they were added. */
final class LayerOrder {

    private final List<Placed> placed = new ArrayList<>();

    void add(ChatLayer layer) {
        Stage stage = layer.stage();
        placed.add(new Placed(layer, stage == Stage.CUSTOM ? null : stage, Side.AT));
    }

    void addBefore(Stage stage, ChatLayer layer) {
        placed.add(new Placed(layer, requireFixed(stage), Side.BEFORE));
    }

    void addAfter(Stage stage, ChatLayer layer) {
        placed.add(new Placed(layer, requireFixed(stage), Side.AFTER));
    }

    /** The layers, outermost first. */
    List<ChatLayer> layers() {
        boolean noneHasAPlace = placed.stream().allMatch(each -> each.stage == null);
        List<Placed> sorted = new ArrayList<>(placed);
        if (!noneHasAPlace) {
            placed.forEach(Placed::requirePlace);
            sorted.sort(Comparator.comparing(Placed::requirePlace).thenComparing(Placed::side));
        }
        return sorted.stream().map(Placed::layer).toList();
    }

    private static Stage requireFixed(Stage stage) {
        if (stage == Stage.CUSTOM) {
            throw new IllegalArgumentException("stage: CUSTOM (expected: a stage with a fixed place)");
        }
        return stage;
    }

    /** Declared in the order in which they stand. */
    private enum Side {
        BEFORE,
        AT,
        AFTER
    }

    private record Placed(ChatLayer layer, @Nullable Stage stage, Side side) {

        Stage requirePlace() {
            if (stage == null) {
                throw new IllegalStateException("layer " + layer.name() + " has no place among layers of fixed stages"
                        + " (expected: layerBefore(stage, layer) or layerAfter(stage, layer))");
            }
            return stage;
        }
    }
}
