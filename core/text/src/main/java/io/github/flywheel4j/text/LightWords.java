package io.github.flywheel4j.text;

import java.util.HashSet;
import java.util.Set;

/**
 * Words so general that two questions may differ in one and still ask the same: "what is the best way", "could you
 * tell me", "some people".
 */
final class LightWords {

    private static final String LIST = """
            way best good great better well nice thing things stuff something anything everything someone somebody anyone anybody people person
            everyone everybody user users one ones kind type sort form part lot lots bit piece bunch number amount
            tell explain describe know say give let get make do go come take put use want need try help please thanks thank hi hello hey dear
            kindly sorry excuse wonder wondering question answer quick quickly simple simply easy easily possible possibly impossible
            able capable manage help advice advise suggestion suggest tip tips trick tricks idea ideas method technique step steps procedure
            process approach strategy guide guideline option options choice solution fix case situation circumstance reason purpose point
            meaning mean means definition define fact example instance detail details information info matter issue problem trouble difficulty
            really actually exactly basically generally usually normally typically currently now today ever already yet still just even also too
            simply certain particular specific specifically actual actually real true truly right correct proper properly effective effectively
            efficient efficiently useful important main major key different various several many much some any certain current present
            happen occur exist find look see seem appear think believe feel consider like would could should might may must shall
            will able about regarding concerning related respect please possible exact experience thought opinion view think
            start begin become turn keep stay remain end leave set run work working works
            whole entire full complete completely totally total overall general common usual normal regular typical ideal perfect
            time times moment day days place places area world life
            own having using used based given via per etc eg ie okay ok yes
            here there where somewhere anywhere nowadays days ago recently recent soon
            have has had having mr mrs sir madam folks guys guy
            further additional extra another other others else more less most very quite pretty rather fairly such so
            actually obviously apparently maybe perhaps probably likely
            am is are was were be been being
            person's one's ones' oneself yourself myself himself herself themselves
            necessary essential required recommended suitable appropriate available
            what which who whom whose why when how
            decide seriously cool amazing awesome interesting famous popular top favorite favourite
            sudden suddenly instantly immediately fast faster quickest easiest fastest simplest
            show check list name provide offer contain include involve keep
            without within among along around toward towards upon onto
            able effect affect impact happen cause lead result
            supposed going gonna gotta wanna want wish hope plan trying
            website online
            """;

    private static final Set<String> WORDS = new HashSet<>();
    private static final Set<String> PHRASES = Set.of("in_order_to", "as_wel_as", "a_lot_of", "such_as", "how_come");

    static {
        for (String word : LIST.split("\\s+", 0)) {
            if (!word.isEmpty()) {
                WORDS.add(Inflections.keyOf(word));
            }
        }
        for (String word : StopWords.ENGLISH) {
            WORDS.add(Inflections.key(word));
        }
    }

    private LightWords() {}

    /** Whether the word of a key is as good as none. */
    static boolean contains(String key) {
        return WORDS.contains(key);
    }

    static Set<String> phrases() {
        return PHRASES;
    }
}
