package io.github.flywheel4j.evals;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The order in which a dataset's clusters are asked: random, as looks at a run that goes on need it, and the same for each
 * run of the dataset, so that a stored run can be looked at in it too.
 */
final class CaseOrder {

    private CaseOrder() {}

    /** The clusters in their order. */
    static List<String> clusters(String datasetHash, Collection<String> clusters) {
        record Place(String hash, String cluster) {}
        return clusters.stream()
                .distinct()
                .map(cluster -> new Place(ContentHash.of(datasetHash, cluster), cluster))
                .sorted(Comparator.comparing(Place::hash).thenComparing(Place::cluster))
                .map(Place::cluster)
                .toList();
    }

    /** The cases of a shard by cluster, in the order of the clusters and, within one, of the dataset. */
    static Map<String, List<EvalCase>> cases(Dataset dataset, Shard shard) {
        Map<String, List<EvalCase>> byCluster = new LinkedHashMap<>();
        dataset.cases().forEach(each -> byCluster
                .computeIfAbsent(each.clusterOrSelf(), cluster -> new ArrayList<>())
                .add(each));
        Map<String, List<EvalCase>> ordered = new LinkedHashMap<>();
        int place = 0;
        for (String cluster : clusters(dataset.hash(), byCluster.keySet())) {
            if (shard.has(place++)) {
                ordered.put(cluster, byCluster.getOrDefault(cluster, List.of()));
            }
        }
        return ordered;
    }
}
