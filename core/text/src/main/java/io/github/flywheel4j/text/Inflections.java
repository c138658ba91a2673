package io.github.flywheel4j.text;

import java.util.HashMap;
import java.util.Map;

/**
 * English words without the endings of inflection alone: {@code cancelled} and {@code cancels} become the same key,
 * {@code import} and {@code important} do not, as they would with a stemmer. A key is for comparing and need not be a
 * word.
 */
final class Inflections {

    private static final String IRREGULAR = """
            buy bought;sell sold;go went gone goes going;get got gotten;make made;take took taken;give gave given;come came;find found
            lose lost losing;pay paid;send sent;spend spent;bring brought;think thought;know knew known;see saw seen;do did done does doing
            say said;tell told;write wrote written writing;read;speak spoke spoken;break broke broken;choose chose chosen;begin began begun beginning
            drive drove driven;eat ate eaten;drink drank drunk;fall fell fallen;fly flew flown flies;forget forgot forgotten forgetting
            grow grew grown;hide hid hidden;hold held;keep kept;leave left leaving;lend lent;mean meant;meet met;rise rose risen;run ran
            sit sat;sleep slept;stand stood;steal stole stolen;swim swam swum;teach taught;throw threw thrown;understand understood
            wake woke woken;wear wore worn;win won;man men;woman women;child children;person people persons;foot feet;tooth teeth
            mouse mice;wife wives;life lives;leaf leaves;knife knives;half halves;bad worse worst;good better best well
            be is are was were been being am;have has had having;lie lay lain lying;die dies died dying;draw drew drawn
            feel felt;build built;catch caught;feed fed;fight fought;freeze froze frozen;deal dealt;dream dreamt;become became
            shake shook shaken;sing sang sung;show shown;shrink shrank;shut shutting;withdraw withdrew withdrawn;analysis analyses
            criterion criteria;datum data;medium media;crisis crises;bacterium bacteria;far farther further;tax taxes;bus buses
            process processes;access accesses;address addresses;business businesses;class classes;pass passes passed passing;bias biases
            use used uses using;news;always;less;gas gases;this;his;its;us;yes;as;status;plus;perhaps;across;besides;unless;thus;was;has
            indices index indexes;matrices matrix;cannot;mr;mrs;during;thing things;king kings;ring rings rang rung;bring
            anything;something;nothing;everything;morning mornings;evening evenings;string strings;spring springs;wedding weddings
            need needs needed needing;feed feeds feeding;speed speeds;seed seeds;bed beds;red;hundred;indeed;wed;shed;bleed bled bleeding;breed bred
            embed embedded;exceed exceeded exceeding exceeds;proceed proceeded;succeed succeeded succeeding
            """;

    private static final Map<String, String> KEYS = keys();

    private Inflections() {}

    static String key(String word) {
        String known = KEYS.get(word);
        return known != null ? known : regular(word);
    }

    /** The key of a list's entry: the keys of its words, joined by underscores. */
    static String keyOf(String entry) {
        if (entry.indexOf('_') < 0 && entry.indexOf('-') < 0) {
            return key(entry);
        }
        StringBuilder key = new StringBuilder();
        for (String word : entry.split("[_-]", 0)) {
            key.append(key.isEmpty() ? "" : "_").append(key(word));
        }
        return key.toString();
    }

    private static Map<String, String> keys() {
        Map<String, String> keys = new HashMap<>();
        for (String group : IRREGULAR.replace("\n", ";").split(";", 0)) {
            String[] forms = group.trim().split(" ", 0);
            for (String form : forms) {
                keys.putIfAbsent(form, forms[0]);
            }
        }
        return Map.copyOf(keys);
    }

    private static String regular(String word) {
        int length = word.length();
        for (int i = 0; i < length; i++) {
            char c = word.charAt(i);
            if (c < 'a' || c > 'z') {
                return word;
            }
        }
        if (length < 4) {
            return word;
        }
        String base = word;
        if (word.endsWith("ies")) {
            return length > 4 ? word.substring(0, length - 3) + "y" : word.substring(0, length - 1);
        }
        if (word.endsWith("ied") && length > 4) {
            return word.substring(0, length - 3) + "y";
        }
        if (word.endsWith("sses")
                || word.endsWith("shes")
                || word.endsWith("ches")
                || word.endsWith("xes")
                || word.endsWith("zes")) {
            base = word.substring(0, length - 2);
        } else if (word.endsWith("s") && !word.endsWith("ss") && !word.endsWith("us") && !word.endsWith("is")) {
            base = word.substring(0, length - 1);
        } else if (word.endsWith("ing") && length > 5 && vowel(word, length - 3)) {
            base = word.substring(0, length - 3);
        } else if (word.endsWith("ed") && length > 4 && vowel(word, length - 2)) {
            base = word.substring(0, length - 2);
        }
        return bare(base);
    }

    private static boolean vowel(String word, int end) {
        for (int i = 0; i < end; i++) {
            if ("aeiouy".indexOf(word.charAt(i)) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** Without a silent e and with one of two final consonants, on base and inflected form alike. */
    private static String bare(String base) {
        int end = base.length();
        if (end > 3 && base.charAt(end - 1) == 'e') {
            end--;
        }
        if (end > 3 && base.charAt(end - 1) == base.charAt(end - 2)) {
            end--;
        }
        return base.substring(0, end);
    }
}
